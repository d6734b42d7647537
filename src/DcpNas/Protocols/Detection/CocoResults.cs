using System.Text.Json;
using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>COCO's results format for boxes, which <c>COCO.loadRes</c> of pycocotools reads.</summary>
/// <remarks><c>[{"image_id": 42, "category_id": 18, "bbox": [x, y, width, height], "score": 0.236}, ...]</c>; every number survives being written and read.</remarks>
public static class CocoResults
{
    private const string Remedy = "Give COCO's results: a list of objects with image_id, category_id, bbox and score.";

    /// <summary>Reads a file; further keys are passed over.</summary>
    /// <exception cref="InputException">The file cannot be read or is of another form.</exception>
    public static IReadOnlyList<DetectionBox> Read(string path)
    {
        using var stream = ProtocolJson.Open(path, "a COCO results file");
        return Read(stream, path);
    }

    /// <summary>Reads UTF-8 text.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InputException">The text is of another form.</exception>
    public static IReadOnlyList<DetectionBox> Read(Stream stream, string source) =>
        From(ProtocolJson.Read<CocoResultRecord[]>(stream, source, ProtocolJson.Tolerant, Remedy), source, "");

    /// <summary>Writes a file in one step.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<DetectionBox> detections) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, ToRecords(detections), ProtocolJson.Tolerant));

    internal static IReadOnlyList<DetectionBox> From(CocoResultRecord[] records, string source, string prefix) =>
        [.. records.Select((one, i) => new DetectionBox(one.ImageId, one.CategoryId, CocoBoxes.Parse(one.Bbox, source, $"{prefix}[{i}].bbox"), one.Score))];

    internal static IEnumerable<CocoResultRecord> ToRecords(IEnumerable<DetectionBox> detections) =>
        detections.Select(one => new CocoResultRecord(one.Image, one.Category, CocoBoxes.Write(one.Box), one.Score));
}

/// <summary>A detection as it stands in a results file.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record CocoResultRecord(long ImageId, long CategoryId, double[] Bbox, double Score);
