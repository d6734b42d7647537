using System.Text.Json.Nodes;
using DcpNas.Runtime;

namespace DcpNas.Export;

/// <summary>What an export has written.</summary>
/// <param name="Model">The checkpoint.</param>
/// <param name="Path">The file.</param>
/// <param name="Format">Its format.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Proof">What was compared; null where the format has no proof.</param>
/// <param name="ProofImages">Where the images of the proof come from; null like <paramref name="Proof"/>.</param>
/// <param name="FixedPoint">The fast mode of a packed model; null where it has none.</param>
/// <param name="Integers">The integer mode of a packed model; null where it has none.</param>
public sealed record ExportOutcome(string Model, string Path, ExportFormat Format, long Bytes, ProofReport? Proof, string? ProofImages, FixedPointInfo? FixedPoint, IntegerInfo? Integers)
{
    /// <summary>As JSON, keys in snake_case.</summary>
    public JsonObject ToJson() => new()
    {
        ["model"] = Model,
        ["path"] = Path,
        ["format"] = NameOf(Format),
        ["bytes"] = Bytes,
        ["proof"] = Proof?.ToJson(),
        ["proof_images"] = ProofImages,
        ["fast"] = FixedPoint is null ? null : ToJson(FixedPoint.CalibrationImages, FixedPoint.Agreement, "fast_top1"),
        ["integer"] = Integers is null ? null : ToJson(Integers.CalibrationImages, Integers.Agreement, "integer_top1"),
    };

    /// <summary>The name of a format on the command line and in files.</summary>
    public static string NameOf(ExportFormat format) => format == ExportFormat.Onnx ? "onnx" : "packed";

    private static JsonObject ToJson(long calibrationImages, FixedPointAgreement agreement, string ownTop1) => new()
    {
        ["calibration_images"] = calibrationImages,
        ["images"] = agreement.Images,
        ["relative_error"] = agreement.RelativeError,
        ["same_class"] = agreement.SameClass,
        ["exact_top1"] = agreement.ExactTop1,
        [ownTop1] = agreement.FastTop1,
    };
}
