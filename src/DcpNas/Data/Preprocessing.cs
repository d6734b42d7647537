using System.Text.Json.Nodes;

namespace DcpNas.Data;

/// <summary>What has to be done to an image before a network sees it: brought to a size, then <c>(pixel / 255 - mean) / standard deviation</c>.</summary>
/// <param name="Height">Rows in pixels.</param>
/// <param name="Width">Columns in pixels.</param>
/// <param name="Channels">3 in the order red, green, blue, or 1.</param>
/// <param name="Statistics">Mean and standard deviation per channel.</param>
/// <param name="ResizeTo">Pixels of the shorter side before the centre is cut out; null: as few as the cut needs.</param>
public sealed record Preprocessing(int Height, int Width, int Channels, ChannelStatistics Statistics, int? ResizeTo = null)
{
    /// <summary>Whether each side is scaled on its own, instead of a cut. Default false.</summary>
    public bool Stretch { get; init; }

    /// <summary>As JSON: height, width, channels, mean, std, resize_to where it is given, and stretch where it is true.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["height"] = Height,
            ["width"] = Width,
            ["channels"] = Channels,
            ["mean"] = new JsonArray([.. Statistics.Mean.Select(value => (JsonNode?)value)]),
            ["std"] = new JsonArray([.. Statistics.StandardDeviation.Select(value => (JsonNode?)value)]),
        };
        if (ResizeTo is { } shorter)
        {
            json["resize_to"] = shorter;
        }

        if (Stretch)
        {
            json["stretch"] = true;
        }

        return json;
    }

    /// <summary>From the JSON of a checkpoint, as <see cref="ToJson"/> writes it.</summary>
    /// <exception cref="InputException">A value is missing or of the wrong kind.</exception>
    internal static Preprocessing FromJson(JsonPart part)
    {
        var channels = (int)part["channels"].Whole(1, int.MaxValue);
        var deviations = part["std"];
        var statistics = new ChannelStatistics(Numbers(part["mean"]), Numbers(deviations));
        return new Preprocessing(Side("height"), Side("width"), channels, statistics.StandardDeviation.All(value => value > 0) ? statistics : throw deviations.Fault("numbers above 0"),
            part["resize_to"].IsMissing ? null : Side("resize_to"))
        {
            Stretch = part["stretch"] is { IsMissing: false } stretch && stretch.Flag(),
        };

        int Side(string key) => (int)part[key].Whole(1, int.MaxValue);

        double[] Numbers(JsonPart list) => list.Items() is var items && items.Count == channels ? [.. items.Select(item => item.Real())] : throw list.Fault($"a list of {channels} numbers");
    }
}
