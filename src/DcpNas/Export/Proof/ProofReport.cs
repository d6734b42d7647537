using System.Text.Json.Nodes;
using DcpNas.Runtime.Model;

namespace DcpNas.Export;

/// <summary>What an <see cref="ExportProof"/> has compared, without finding a difference.</summary>
public sealed record ProofReport
{
    /// <summary>The output that was compared: logits, embedding or boxes.</summary>
    public string Output { get; init; } = GraphOutput.Logits;

    /// <summary>Images that were replayed.</summary>
    public required long Images { get; init; }

    /// <summary>Layers with 1-bit weights.</summary>
    public required int BinaryLayers { get; init; }

    /// <summary>1-bit weights that are equal.</summary>
    public required long Weights { get; init; }

    /// <summary>Whole-number sums that are equal.</summary>
    public required long Sums { get; init; }

    /// <summary>Bits made of whole-number sums by a threshold that are equal.</summary>
    public required long SumSigns { get; init; }

    /// <summary>Bits made of real numbers that are equal, ties of rounding included.</summary>
    public required long RealSigns { get; init; }

    /// <summary>
    /// Of <see cref="RealSigns"/>, those where float32 and float64 lie on different sides of a threshold because the number is within the rounding error
    /// of float32 from it; the replay went on with the bit of the model.
    /// </summary>
    public required long RoundingTies { get; init; }

    /// <summary>The largest difference of a logit, or of a number of another output, as a share of the largest one of its image.</summary>
    public required double LogitError { get; init; }

    /// <summary>
    /// Share of the images for which the network as it was trained, in float32, has the same first class, an embedding of nearly the same direction
    /// (<see cref="ExportProof.AgreeingCosine"/>), or nearly the same first box (<see cref="ExportProof.AgreeingOverlap"/>).
    /// </summary>
    public required double FloatAgreement { get; init; }

    /// <summary>The numbers by name, in snake_case.</summary>
    public JsonObject ToJson() => new()
    {
        ["images"] = Images,
        ["binary_layers"] = BinaryLayers,
        ["weights"] = Weights,
        ["sums"] = Sums,
        ["sum_signs"] = SumSigns,
        ["real_signs"] = RealSigns,
        ["rounding_ties"] = RoundingTies,
        [Output switch { GraphOutput.Logits => "logit_error", GraphOutput.Embedding => "embedding_error", _ => "output_error" }] = LogitError,
        [Output switch { GraphOutput.Logits => "float32_top1_agreement", GraphOutput.Embedding => "float32_direction_agreement", _ => "float32_first_box_agreement" }] = FloatAgreement,
    };
}
