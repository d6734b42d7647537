using DcpNas.Runtime;

namespace DcpNas.Inference;

/// <summary>A trained network that is asked about image files. One engine runs packed models (<see cref="PackedPredictor"/>), one checkpoints (<see cref="CheckpointPredictor"/>).</summary>
public interface IPredictor : IDisposable
{
    /// <summary>The file or folder of the network.</summary>
    string Path { get; }

    /// <summary>What it says of an image.</summary>
    PredictionKind Kind { get; }

    /// <summary>The names of its classes; empty for embeddings.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Images in work at a time; more than 1 only where <see cref="Predict"/> may be called from several threads.</summary>
    int Threads { get; }

    /// <summary>Decodes an image file, prepares it as the training did, and runs the network.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    ImageResult Predict(string file);
}

/// <summary>What a network says of an image.</summary>
public enum PredictionKind
{
    /// <summary>The probabilities of classes.</summary>
    Classes,

    /// <summary>An embedding.</summary>
    Embedding,

    /// <summary>Objects: boxes with class and score.</summary>
    Boxes,

    /// <summary>Numbers with names.</summary>
    Values,
}

/// <summary>How a network is asked.</summary>
public sealed record PredictorOptions
{
    /// <summary>Images in work at a time, at least 1. A checkpoint takes one.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What a packed model computes with.</summary>
    public NumericMode Mode { get; init; }

    /// <summary>Most classes per image, at least 1.</summary>
    public int Top { get; init; } = 5;

    /// <summary>The least score of a box, 0 to 1.</summary>
    public double Score { get; init; } = 0.3;
}
