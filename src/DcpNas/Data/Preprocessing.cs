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

    /// <summary>From JSON.</summary>
    /// <param name="json">As <see cref="ToJson"/> writes it.</param>
    /// <exception cref="InvalidOperationException">A value is missing or of the wrong kind.</exception>
    public static Preprocessing FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new Preprocessing(Whole("height"), Whole("width"), Whole("channels"), new ChannelStatistics(Numbers("mean"), Numbers("std")), json["resize_to"]?.GetValue<int>())
        {
            Stretch = json["stretch"]?.GetValue<bool>() ?? false,
        };

        int Whole(string key) => Node(key).GetValue<int>();

        double[] Numbers(string key) => [.. Node(key).AsArray().Select(value => value!.GetValue<double>())];

        JsonNode Node(string key) => json[key] ?? throw new InvalidOperationException($"preprocessing has no {key}.");
    }
}
