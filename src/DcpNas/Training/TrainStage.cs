using DcpNas.Networks;

namespace DcpNas.Training;

/// <summary>A part of a training with a network of its own.</summary>
/// <param name="Name">teacher, step1 or final; reaches files.</param>
/// <param name="FirstEpoch">Its first epoch, counted over the whole training.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="Network">What is trained.</param>
/// <param name="WeightDecay">Weight decay of the optimiser.</param>
/// <param name="IsLast">Whether the stage gives the network that was asked for.</param>
public sealed record TrainStage(string Name, int FirstEpoch, int Epochs, NetworkDescription Network, double WeightDecay, bool IsLast)
{
    /// <summary>The real-valued counterpart.</summary>
    public const string TeacherName = "teacher";

    /// <summary>Binary activations, real weights.</summary>
    public const string Step1Name = "step1";

    /// <summary>The network that was asked for: step 2, the only step, or the real-valued counterpart itself.</summary>
    public const string FinalName = "final";

    /// <summary>Whether a teacher helps, if there is one: not while it is itself trained.</summary>
    public bool IsTaught => Name != TeacherName;
}
