using System.Text.Json.Nodes;
using DcpNas.Tasks.Detection;

namespace DcpNas.Export;

/// <summary>How the outputs of a one-stage detector become boxes, as a text for files of other formats: the keys of docs/model-format.md, section 6, and the size of every level.</summary>
internal static class DetectorText
{
    /// <summary>A JSON object.</summary>
    public static string Of(SsdHead head)
    {
        var settings = head.Design.Settings;
        return new JsonObject
        {
            ["levels"] = new JsonArray([.. head.Maps.Zip(head.Design.Anchors, (map, anchors) => (JsonNode)new JsonObject
            {
                ["height"] = map.Height,
                ["width"] = map.Width,
                ["anchors"] = new JsonArray([.. anchors.Select(size => (JsonNode)new JsonArray(size.Width, size.Height))]),
            })]),
            ["centre_variance"] = settings.CentreVariance,
            ["size_variance"] = settings.SizeVariance,
            ["score_threshold"] = settings.ScoreThreshold,
            ["overlap_threshold"] = settings.OverlapThreshold,
            ["most_candidates"] = settings.MostCandidates,
            ["most_detections"] = settings.MostDetections,
        }.ToJsonString();
    }
}
