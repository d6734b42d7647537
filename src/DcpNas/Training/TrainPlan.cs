using DcpNas.Binarization;
using DcpNas.Networks;

namespace DcpNas.Training;

/// <summary>The stages of a training in their order.</summary>
public static class TrainPlan
{
    /// <summary>Plans a training: the real-valued counterpart as teacher, if this run trains it; step 1, if there are two; the network itself.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="network">What is asked for.</param>
    public static IReadOnlyList<TrainStage> Stages(TrainingOptions options, NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        var stages = new List<TrainStage>();
        if (options.TrainsTeacher)
        {
            Add(TrainStage.TeacherName, options.TeacherEpochs ?? options.Epochs, network with { Scheme = BinarizationScheme.None }, options.WeightDecay);
        }

        if (options is { IsBinary: true, TwoStep: true })
        {
            Add(TrainStage.Step1Name, options.Step1Epochs ?? options.Epochs, network with { RealWeights = true }, options.WeightDecay);
        }

        Add(TrainStage.FinalName, options.Epochs, network, options.IsBinary ? options.BinaryWeightDecay : options.WeightDecay);
        return stages;

        void Add(string name, int epochs, NetworkDescription description, double decay) =>
            stages.Add(new TrainStage(name, stages.Sum(stage => stage.Epochs), epochs, description, decay, name == TrainStage.FinalName));
    }

    /// <summary>The stage of an epoch.</summary>
    /// <param name="stages">All stages.</param>
    /// <param name="epoch">Counted over the whole training.</param>
    public static TrainStage At(IReadOnlyList<TrainStage> stages, int epoch)
    {
        ArgumentNullException.ThrowIfNull(stages);
        return stages.Last(stage => stage.FirstEpoch <= epoch);
    }

    /// <summary>Epochs of all stages.</summary>
    public static int Epochs(IReadOnlyList<TrainStage> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        return stages.Sum(stage => stage.Epochs);
    }
}
