using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>Reads a model file that is not trusted.</summary>
internal static class ModelReader
{
    /// <summary>Reads and checks a model.</summary>
    /// <param name="stream">At the first byte.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="PackedModelException">The content cannot be used.</exception>
    public static PackedModel Read(Stream stream, string source)
    {
        using var activity = RuntimeTelemetry.StartLoad(source);
        try
        {
            return ReadChecked(stream, source);
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
    }

    private static PackedModel ReadChecked(Stream stream, string source)
    {
        try
        {
            var (metadata, tensors, data) = SafetensorsReader.Read(stream);
            CheckMetadata(metadata, data);
            return ReadModel(metadata[ModelFormat.ModelKey], tensors);
        }
        catch (ModelFaultException fault)
        {
            throw fault.InFile(source);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // What System.Text.Json throws for broken JSON and for text that is no UTF-8.
            throw new ModelFaultException("the header", "JSON in UTF-8", $"broken text ({error.Message.TrimEnd('.')})").InFile(source);
        }
    }

    private static void CheckMetadata(Dictionary<string, string> metadata, byte[] data)
    {
        const string Place = SafetensorsReader.MetadataKey;
        var left = new Dictionary<string, string>(metadata);
        var format = Take(ModelFormat.FormatKey);
        if (format != ModelFormat.FormatName)
        {
            throw new ModelFaultException(Place, $"format '{ModelFormat.FormatName}'", $"'{format}'");
        }

        var version = Take(ModelFormat.VersionKey);
        if (version != ModelFormat.Version)
        {
            throw new ModelFaultException(Place, $"format version {ModelFormat.Version}", $"'{version}'");
        }

        ExpectHash(ModelFormat.ModelHashKey, Encoding.UTF8.GetBytes(Take(ModelFormat.ModelKey)));
        ExpectHash(ModelFormat.TensorHashKey, data);
        foreach (var key in left.Keys)
        {
            throw new ModelFaultException(Place, "known keys", $"'{key}'");
        }

        string Take(string key) => left.Remove(key, out var value) ? value : throw new ModelFaultException(Place, $"a key {key}", "none");

        void ExpectHash(string key, byte[] bytes)
        {
            if (Take(key) != Convert.ToHexStringLower(SHA256.HashData(bytes)))
            {
                throw new ModelFaultException($"{Place}.{key}", "the SHA-256 of what was read", "another one");
            }
        }
    }

    private static PackedModel ReadModel(string text, Dictionary<string, ModelTensor> tensors)
    {
        using var document = JsonDocument.Parse(text, JsonPlace.Strict);
        var model = new JsonPlace(document.RootElement, "model");
        var members = model.Members();
        var info = new ModelInfo
        {
            Producer = model.Take(members, "producer").Text(),
            Genotype = model.TakeOptional(members, "genotype")?.Text(),
            Network = model.TakeOptional(members, ModelFormat.NetworkKey)?.ObjectText(),
            Preprocessing = model.TakeOptional(members, "preprocessing") is { } preprocessing ? ReadPreprocessing(preprocessing) : null,
            Classes = model.TakeOptional(members, "classes") is { } classes ? [.. classes.Items().Select(item => item.Text())] : [],
            Cost = model.TakeOptional(members, "cost") is { } cost ? ReadCost(cost) : new Dictionary<string, double>(),
            Detector = model.TakeOptional(members, "detector") is { } detector ? DetectorJson.Read(detector) : null,
            FixedPoint = model.TakeOptional(members, FixedPointJson.Key) is { } numbers ? FixedPointJson.Read(numbers) : null,
        };
        var input = ReadInput(model.Take(members, "input"));
        var nodes = model.Take(members, "nodes").Items();
        NodeCheck.Range("the graph", "nodes", nodes.Count, 0, ModelLimits.Nodes);
        List<GraphNode> graphNodes = [.. nodes.Select(node => ReadNode(node, tensors))];
        List<GraphOutput> outputs = [.. model.Take(members, "outputs").Items().Select(ReadOutput)];
        var integers = model.TakeOptional(members, IntegerJson.Key);
        model.ExpectNothingLeft(members);
        var graph = ModelGraph.Create(input, graphNodes, outputs);
        info = info with { Integers = integers is { } place ? IntegerJson.Read(place, graph, tensors) : null };
        foreach (var name in tensors.Keys)
        {
            throw new ModelFaultException($"tensor '{name}'", "a node that uses it", "none");
        }

        return new PackedModel(graph, info);
    }

    private static ValueShape ReadInput(JsonPlace input)
    {
        var members = input.Members();
        var shape = new ValueShape(
            ValueKind.Real,
            (int)input.Take(members, "height").Whole(1, ModelLimits.Side),
            (int)input.Take(members, "width").Whole(1, ModelLimits.Side),
            (int)input.Take(members, "channels").Whole(1, ModelLimits.Channels));
        input.ExpectNothingLeft(members);
        return shape;
    }

    private static Preprocessing ReadPreprocessing(JsonPlace place)
    {
        var members = place.Members();
        var preprocessing = new Preprocessing(
            [.. place.Take(members, "mean").Items().Select(item => item.Real())],
            [.. place.Take(members, "std").Items().Select(item => item.Real())],
            (int?)place.TakeOptional(members, "resize")?.Whole(1, ModelLimits.Side))
        {
            Fit = place.TakeOptional(members, ModelFormat.FitKey) is { } fit ? ReadFit(fit) : ImageFit.Crop,
        };
        place.ExpectNothingLeft(members);
        return preprocessing;
    }

    private static ImageFit ReadFit(JsonPlace place) => place.Text() switch
    {
        ModelFormat.Stretch => ImageFit.Stretch,
        ModelFormat.Crop => ImageFit.Crop,
        var other => throw new ModelFaultException(place.Path, $"'{ModelFormat.Crop}' or '{ModelFormat.Stretch}'", $"'{other}'"),
    };

    private static Dictionary<string, double> ReadCost(JsonPlace place) =>
        place.Members().ToDictionary(member => member.Key, member => new JsonPlace(member.Value, $"{place.Path}.{member.Key}").Real(), StringComparer.Ordinal);

    private static GraphNode ReadNode(JsonPlace place, Dictionary<string, ModelTensor> tensors)
    {
        var members = place.Members();
        var name = place.Take(members, "name").Text();
        NodeCheck.Name(place.Path, name);
        var type = place.Take(members, "type").Text();
        string[] inputs = [.. place.Take(members, "inputs").Items().Select(item => item.Text())];
        return NodeTypes.Create(new NodeSource(name, type, inputs, members, tensors));
    }

    private static GraphOutput ReadOutput(JsonPlace place)
    {
        var members = place.Members();
        var output = new GraphOutput(place.Take(members, "name").Text(), place.Take(members, "value").Text());
        place.ExpectNothingLeft(members);
        return output;
    }
}
