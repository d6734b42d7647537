using DcpNas.Runtime;

namespace DcpNas.Export;

/// <summary>How a packed model is judged.</summary>
public sealed record PackedEvaluationOptions
{
    /// <summary>The model: a file, or the name of a network that comes with the tool (<see cref="Inference.ModelZoo"/>).</summary>
    public required string Model { get; init; }

    /// <summary>The data set; null: that which a network of the tool was trained on.</summary>
    public string? Dataset { get; init; }

    /// <summary>Its folder; null: where data sets are searched for.</summary>
    public string? Data { get; init; }

    /// <summary>Images to use; null: all. Not for embeddings.</summary>
    public int? Images { get; init; }

    /// <summary>What it computes with. Default Exact.</summary>
    public NumericMode Mode { get; init; }

    /// <summary>Images in work at a time, at least 1. Default 1.</summary>
    public int Threads { get; init; } = 1;
}
