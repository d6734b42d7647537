using DcpNas.Data;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>How images of persons become the batches of a training: K images of each of P identities (PK sampling).</summary>
public sealed record ReIdentificationDataOptions : TaskDataOptions
{
    /// <summary>Takes over what the data of every task are told.</summary>
    public ReIdentificationDataOptions(TaskDataOptions common)
        : base(common)
    {
    }

    /// <summary>K: images of each identity in a training batch, at least 2.</summary>
    public int NumInstances { get; init; } = 4;

    /// <summary>Random changes of the training images.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;
}
