using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

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
            var header = SafetensorsReader.ReadHeader(stream);
            var data = SafetensorsReader.ReadData(stream, header);
            CheckMetadata(header.Metadata, data);
            var tensors = header.Entries.ToDictionary(entry => entry.Name, entry => ToTensor(entry, data), StringComparer.Ordinal);
            return JsonPlace.Read(Encoding.UTF8.GetBytes(header.Metadata[ModelFormat.ModelKey]), "model", model => ReadModel(model, tensors));
        }
        catch (ModelFaultException fault)
        {
            throw fault.InFile(source);
        }
    }

    /// <summary>A tensor as models have them: of 1 to 4 dimensions, none of them empty. So sizes and offsets stay below <see cref="ModelLimits.DataBytes"/>.</summary>
    private static ModelTensor ToTensor(SafetensorsEntry entry, byte[] data) => entry.Shape.Count is >= 1 and <= 4 && !entry.Shape.Contains(0)
        ? new(entry.Name, entry.Type, [.. entry.Shape.Select(size => (int)size)], data.AsMemory((int)entry.Begin, (int)(entry.End - entry.Begin)))
        : throw new ModelFaultException($"tensor '{entry.Name}'", "1 to 4 sizes, each at least 1", $"[{string.Join(", ", entry.Shape)}]");

    private static void CheckMetadata(IReadOnlyDictionary<string, string> metadata, byte[] data)
    {
        const string Place = SafetensorsHeader.MetadataKey;
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

    private static PackedModel ReadModel(JsonPlace model, Dictionary<string, ModelTensor> tensors)
    {
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
