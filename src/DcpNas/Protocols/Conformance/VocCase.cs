using DcpNas.Protocols.Detection;
using DcpNas.Protocols.Reference;

namespace DcpNas.Protocols.Conformance;

/// <summary>Objects, detections and options of PASCAL VOC.</summary>
internal sealed record VocCase(
    VocInterpolation Interpolation, VocObjectRecord[] Objects, VocDetectionRecord[] Detections, double IouThreshold = 0.5, bool InclusivePixels = false) : IProtocolCase
{
    /// <inheritdoc/>
    string IProtocolCase.Protocol => "voc";

    /// <inheritdoc/>
    IReadOnlyList<string>? IProtocolCase.MeasureNames => null;

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Evaluate(string source) => VocEvaluator.Evaluate(Truths(source), Claims(source), Options()).Values();

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> EvaluateByReference(string source) => ReferenceVoc.Evaluate(Truths(source), Claims(source), Options());

    private VocOptions Options() => new() { Interpolation = Interpolation, IouThreshold = IouThreshold, InclusivePixels = InclusivePixels };

    private GroundTruthBox[] Truths(string source) =>
        [.. Objects.Select((one, i) => new GroundTruthBox(one.Image, one.Category, Box(one.Box, source, $"voc.objects[{i}].box")) { Difficult = one.Difficult })];

    private DetectionBox[] Claims(string source) =>
        [.. Detections.Select((one, i) => new DetectionBox(one.Image, one.Category, Box(one.Box, source, $"voc.detections[{i}].box"), one.Score))];

    private static BoundingBox Box(double[] corners, string source, string place) => corners.Length == 4
        ? new BoundingBox(corners[0], corners[1], corners[2], corners[3])
        : throw InputException.InFile(source, place, "[x1, y1, x2, y2]", $"a list of {corners.Length}", "Write four numbers.");
}

/// <summary>An object in a VOC case: its box as <c>[x1, y1, x2, y2]</c>.</summary>
internal sealed record VocObjectRecord(long Image, long Category, double[] Box, bool Difficult = false);

/// <summary>A detection in a VOC case: its box as <c>[x1, y1, x2, y2]</c>.</summary>
internal sealed record VocDetectionRecord(long Image, long Category, double[] Box, double Score);
