using System.Text.Json.Nodes;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>What <c>dcpnas inspect</c> shows of a detector beyond its graph: where it looks for boxes and which of them it keeps.</summary>
internal static class DetectorSummary
{
    /// <summary>Facts for people, name and value.</summary>
    public static IEnumerable<(string Name, string Value)> Facts(DetectorInfo detector, ModelGraph graph, int classes)
    {
        var all = detector.Levels.Sum(level => Anchors(level, graph));
        yield return ("detector", Text($"{all:N0} anchors on {detector.Levels.Count} levels, each with scores of {Count(classes, "class", "classes")} and the background"));
        for (var i = 0; i < detector.Levels.Count; i++)
        {
            var level = detector.Levels[i];
            var map = Map(level, graph);
            yield return (i == 0 ? "levels" : "", Text($"{map.Height}x{map.Width}, {Anchors(level, graph):N0} anchors: {string.Join(", ", level.Anchors.Select(size => Text($"{size.Width:0.###}x{size.Height:0.###}")))} of the image; outputs {level.Scores}, {level.Boxes}"));
        }

        var settings = detector.Settings;
        yield return ("boxes", Text($"variances {settings.CentreVariance} and {settings.SizeVariance}; score above {settings.ScoreThreshold}, the best {settings.MostCandidates:N0} of a class"));
        yield return ("", Text($"overlap of two of a class at most {settings.OverlapThreshold}, the best {settings.MostDetections:N0} of an image"));
    }

    /// <summary>The same as JSON.</summary>
    public static JsonObject ToJson(DetectorInfo detector, ModelGraph graph) => new()
    {
        ["anchors"] = detector.Levels.Sum(level => Anchors(level, graph)),
        ["levels"] = new JsonArray([.. detector.Levels.Select(level => new JsonObject
        {
            ["scores"] = level.Scores,
            ["boxes"] = level.Boxes,
            ["height"] = Map(level, graph).Height,
            ["width"] = Map(level, graph).Width,
            ["anchors"] = new JsonArray([.. level.Anchors.Select(size => new JsonArray(size.Width, size.Height))]),
        })]),
        ["centre_variance"] = detector.Settings.CentreVariance,
        ["size_variance"] = detector.Settings.SizeVariance,
        ["score_threshold"] = detector.Settings.ScoreThreshold,
        ["overlap_threshold"] = detector.Settings.OverlapThreshold,
        ["most_candidates"] = detector.Settings.MostCandidates,
        ["most_detections"] = detector.Settings.MostDetections,
    };

    private static ValueShape Map(DetectorLevel level, ModelGraph graph) => graph.ShapeOf(graph.Outputs.First(output => output.Name == level.Scores).Value);

    private static int Anchors(DetectorLevel level, ModelGraph graph) => Map(level, graph).Height * Map(level, graph).Width * level.Anchors.Count;
}
