using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.SearchSpace;

namespace DcpNas.Networks;

/// <content>The description as JSON.</content>
public sealed partial record NetworkDescription
{
    private static readonly string[] CellKeys = ["genotype", "cells", "stem_multiplier"];

    private static readonly string[] Keys =
        ["architecture", .. CellKeys, "channels", "stem", "image_height", "image_width", "image_channels", "scheme", "scale", "activation_gradient", "real_weights"];

    /// <summary>Every value, defaults included; keys in snake_case, the genotype in the form of its own files. Keys of cells are left out where there are none.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["architecture"] = Architecture };
        if (Architecture == NetworkNames.Cells)
        {
            json["genotype"] = Genotype is null ? null : JsonNode.Parse(Genotype.ToJson());
            json["cells"] = Cells;
            json["stem_multiplier"] = StemMultiplier;
        }

        json["channels"] = Channels;
        json["stem"] = CostNames.Of(Stem);
        json["image_height"] = ImageHeight;
        json["image_width"] = ImageWidth;
        json["image_channels"] = ImageChannels;
        json["scheme"] = NameOf(Scheme);
        json["scale"] = NameOf(Scale);
        json["activation_gradient"] = NameOf(ActivationGradient);
        json["real_weights"] = RealWeights;
        return json;
    }

    /// <summary>Reads a description; what it leaves out keeps its default.</summary>
    /// <param name="json">The object.</param>
    /// <param name="source">What messages call it: the file.</param>
    /// <exception cref="OptionsException">A key is unknown, a value is of the wrong kind, or the network cannot be built; lists every fault.</exception>
    /// <exception cref="InputException">The genotype is faulty.</exception>
    public static NetworkDescription FromJson(JsonObject json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        var reader = new Reader(json);
        var architecture = reader.Text("architecture") ?? NetworkNames.Cells;
        string[] known = architecture == NetworkNames.Cells ? Keys : [.. Keys.Except(CellKeys)];
        foreach (var key in json.Select(entry => entry.Key).Where(key => !known.Contains(key)))
        {
            reader.Problems.Add(CellKeys.Contains(key)
                ? $"{key} belongs to the architecture cells, got it for {architecture}."
                : $"unknown key '{key}'.{Nearest.Hint(key, known)} Known keys: {string.Join(", ", known)}.");
        }

        var defaults = new NetworkDescription { Architecture = architecture };
        var genotype = known.Contains("genotype") && json["genotype"] is { } node ? Genotype.FromJson(Encoding.UTF8.GetBytes(node.ToJsonString()), $"{source}, genotype") : null;
        var result = defaults with
        {
            Genotype = genotype,
            Cells = reader.Whole("cells") ?? defaults.Cells,
            StemMultiplier = reader.Whole("stem_multiplier") ?? defaults.StemMultiplier,
            Channels = reader.Whole("channels") ?? defaults.Channels,
            Stem = reader.Name<StemKind>("stem", CostNames.Of) ?? defaults.Stem,
            ImageHeight = reader.Whole("image_height") ?? defaults.ImageHeight,
            ImageWidth = reader.Whole("image_width") ?? defaults.ImageWidth,
            ImageChannels = reader.Whole("image_channels") ?? defaults.ImageChannels,
            Scheme = reader.Name<BinarizationScheme>("scheme", NameOf) ?? defaults.Scheme,
            Scale = reader.Name<ScaleKind>("scale", NameOf) ?? defaults.Scale,
            ActivationGradient = reader.Name<SignEstimator>("activation_gradient", NameOf) ?? defaults.ActivationGradient,
            RealWeights = reader.Flag("real_weights") ?? defaults.RealWeights,
        };
        reader.Problems.AddRange(result.Problems());
        return reader.Problems.Count == 0 ? result : throw new OptionsException(source, reader.Problems);
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Takes values out of an object and collects what is wrong with them.</summary>
    private sealed class Reader(JsonObject json)
    {
        public List<string> Problems { get; } = [];

        public string? Text(string key) => Read<string>(key, "a text");

        public int? Whole(string key) => ReadValue<int>(key, "a whole number");

        public bool? Flag(string key) => ReadValue<bool>(key, "true or false");

        public T? Name<T>(string key, Func<T, string> nameOf)
            where T : struct, Enum
        {
            var values = Enum.GetValues<T>();
            var expectation = $"one of {string.Join(", ", values.Select(nameOf))}";
            if (Read<string>(key, expectation) is not { } text)
            {
                return null;
            }

            foreach (var value in values.Where(value => nameOf(value) == text))
            {
                return value;
            }

            Problems.Add($"{key} must be {expectation}, got \"{text}\".");
            return null;
        }

        private T? Read<T>(string key, string expectation)
            where T : class => json.ContainsKey(key) && Check(json[key] is JsonValue node && node.TryGetValue<T>(out var value) ? value : null, key, expectation) is { } found ? found : null;

        private T? ReadValue<T>(string key, string expectation)
            where T : struct => json.ContainsKey(key) ? Check<T?>(json[key] is JsonValue node && node.TryGetValue<T>(out var value) ? value : null, key, expectation) : null;

        private T Check<T>(T value, string key, string expectation)
        {
            if (value is null)
            {
                Problems.Add($"{key} must be {expectation}, got {json[key]?.ToJsonString() ?? "null"}.");
            }

            return value;
        }
    }
}
