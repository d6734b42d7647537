using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Tasks.Detection.TwoStage;

namespace DcpNas.Tasks.Detection;

/// <summary>The detectors by the names that options and checkpoints give them.</summary>
public static class DetectorCatalog
{
    private const string Key = "detector";

    /// <summary>The name of a detector: one_stage, faster_rcnn.</summary>
    public static string NameOf(DetectorKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>Creates a detector with its default loss.</summary>
    /// <param name="json">What <see cref="IDetector.Describe"/> said of it; where it names no kind, it is a one-stage detector.</param>
    /// <param name="source">The checkpoint, for messages.</param>
    /// <exception cref="InputException">Something is missing, unknown or out of range.</exception>
    public static IDetector FromJson(JsonObject json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        var kinds = Enum.GetValues<DetectorKind>();
        var name = json[Key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : json[Key]?.ToJsonString() ?? NameOf(DetectorKind.OneStage);
        return Array.FindIndex(kinds, kind => NameOf(kind) == name) switch
        {
            (int)DetectorKind.OneStage => new OneStageDetector(DetectorDesign.FromJson(json, source)),
            (int)DetectorKind.FasterRcnn => new FasterRcnnDetector(FasterRcnnDesign.FromJson(json, source)),
            _ => throw InputException.InFile(source, $"task_detail.{Key}", $"one of {string.Join(", ", kinds.Select(NameOf))}", $"'{name}'", "Use a version of dcpnas that knows this detector."),
        };
    }

    /// <summary>A design under the name of its kind.</summary>
    internal static JsonObject Describe(DetectorKind kind, JsonObject design)
    {
        design.Insert(0, Key, NameOf(kind));
        return design;
    }
}
