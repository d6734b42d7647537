using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>What learns in one stage: the network, the average of its weights where one is kept, and the optimiser.</summary>
public sealed class StageNetworks : IDisposable
{
    /// <summary>Creates them with fresh weights, named by seed and stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="task">Builds the heads.</param>
    /// <param name="options">Settings.</param>
    /// <param name="start">Gives the fresh network the weights that it starts from, if not its own; null for none.</param>
    public StageNetworks(TrainStage stage, ITask task, TrainingOptions options, Action<TaskNetwork>? start = null)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(options);
        random.manual_seed(((long)options.Seed << 8) + stage.FirstEpoch);
        Stage = stage;
        Network = TaskNetwork.Create(stage.Network, task, options.HasAuxiliaryHead);
        start?.Invoke(Network);
        if (options.EmaDecay > 0)
        {
            Average = TaskNetwork.Create(stage.Network, task, options.HasAuxiliaryHead);
            WeightAverage.Copy(Average, Network);
        }

        Optimizer = new WeightOptimizer(Network, options, stage.WeightDecay);
    }

    /// <summary>The stage.</summary>
    public TrainStage Stage { get; }

    /// <summary>What is stepped.</summary>
    public TaskNetwork Network { get; }

    /// <summary>The average of its weights; null where none is kept.</summary>
    public TaskNetwork? Average { get; }

    /// <summary>Steps the weights.</summary>
    public WeightOptimizer Optimizer { get; }

    /// <summary>What is evaluated and saved.</summary>
    public TaskNetwork Evaluated => Average ?? Network;

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        Average?.Dispose();
        Network.Dispose();
    }
}
