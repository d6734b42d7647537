using DcpNas.Runs;
using DcpNas.Tasks;

namespace DcpNas.Training;

/// <summary>Is told what a training does while it runs: logs, progress displays, tests. Its events: a stage that begins, statistics that were measured anew.</summary>
public interface ITrainObserver : IRunObserver<TrainStart, TrainStep, TrainEpoch>;

/// <summary>What a session of a training has before it.</summary>
/// <param name="Options">The resolved options.</param>
/// <param name="Stages">All stages.</param>
/// <param name="StepsPerEpoch">Steps of each epoch.</param>
/// <param name="FirstEpoch">The epoch that comes next.</param>
/// <param name="FirstStep">The step of it that comes next.</param>
/// <param name="Dataset">What is learned from: name, images used, size.</param>
public sealed record TrainStart(TrainingOptions Options, IReadOnlyList<TrainStage> Stages, int StepsPerEpoch, int FirstEpoch, int FirstStep, string Dataset)
{
    /// <summary>Epochs of all stages.</summary>
    public int Epochs => TrainPlan.Epochs(Stages);
}

/// <summary>What an epoch came to.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Epoch">The epoch, over all stages.</param>
/// <param name="Totals">Sums over its steps.</param>
/// <param name="Validation">The network, or the average of its weights where one is kept, on validation images.</param>
/// <param name="PrimaryMetric">The metric that selects.</param>
/// <param name="IsBest">Whether it is the best of the stage so far.</param>
/// <param name="Rate">The learning rate at its end.</param>
public sealed record TrainEpoch(
    TrainStage Stage, int Epoch, TrainTotals Totals, TaskEvaluation Validation, string PrimaryMetric, bool IsBest, double Rate);
