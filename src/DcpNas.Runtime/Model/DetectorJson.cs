using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>The part of a model file that says how outputs become boxes.</summary>
internal static class DetectorJson
{
    public static DetectorInfo Read(JsonPlace place)
    {
        var members = place.Members();
        var defaults = new DetectorSettings();
        var detector = new DetectorInfo
        {
            Levels = [.. place.Take(members, "levels").Items().Select(ReadLevel)],
            Settings = defaults with
            {
                CentreVariance = place.Take(members, "centre_variance").Real(),
                SizeVariance = place.Take(members, "size_variance").Real(),
                ScoreThreshold = place.Take(members, "score_threshold").Real(),
                OverlapThreshold = place.Take(members, "overlap_threshold").Real(),
                MostCandidates = (int)place.Take(members, "most_candidates").Whole(1, int.MaxValue),
                MostDetections = (int)place.Take(members, "most_detections").Whole(1, int.MaxValue),
            },
        };
        place.ExpectNothingLeft(members);
        return detector;
    }

    public static void Write(Utf8JsonWriter json, DetectorInfo detector)
    {
        json.WriteStartObject("detector");
        json.WriteStartArray("levels");
        foreach (var (scores, boxes, anchors) in detector.Levels)
        {
            json.WriteStartObject();
            json.WriteString("scores", scores);
            json.WriteString("boxes", boxes);
            json.WriteStartArray("anchors");
            foreach (var size in anchors)
            {
                json.WriteStartArray();
                json.WriteNumberValue(size.Width);
                json.WriteNumberValue(size.Height);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        var settings = detector.Settings;
        json.WriteNumber("centre_variance", settings.CentreVariance);
        json.WriteNumber("size_variance", settings.SizeVariance);
        json.WriteNumber("score_threshold", settings.ScoreThreshold);
        json.WriteNumber("overlap_threshold", settings.OverlapThreshold);
        json.WriteNumber("most_candidates", settings.MostCandidates);
        json.WriteNumber("most_detections", settings.MostDetections);
        json.WriteEndObject();
    }

    private static DetectorLevel ReadLevel(JsonPlace place)
    {
        var members = place.Members();
        var level = new DetectorLevel(place.Take(members, "scores").Text(), place.Take(members, "boxes").Text(), [.. place.Take(members, "anchors").Items().Select(ReadSize)]);
        place.ExpectNothingLeft(members);
        return level;
    }

    private static AnchorSize ReadSize(JsonPlace place)
    {
        var sides = place.Items();
        NodeCheck.Range(place.Path, "numbers", sides.Count, 2, 2);
        return new AnchorSize(sides[0].Real(), sides[1].Real());
    }
}
