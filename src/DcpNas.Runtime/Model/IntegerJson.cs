using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>The part of a model file that the integer mode needs.</summary>
internal static class IntegerJson
{
    public const string Key = "integer";

    private const string IntegerTop1 = "integer_top1";

    /// <summary>Reads it.</summary>
    /// <param name="place">The object.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="tensors">All tensors that are left; those of the integer mode are taken out.</param>
    public static IntegerInfo Read(JsonPlace place, ModelGraph graph, Dictionary<string, ModelTensor> tensors)
    {
        var members = place.Members();
        var image = ReadImage(place.Take(members, "image"));
        var nodes = ReadNodes(place.Take(members, "nodes"), graph, tensors);
        var info = new IntegerInfo
        {
            Image = image,
            Nodes = nodes,
            CalibrationImages = place.Take(members, AgreementJson.Images).Whole(1, long.MaxValue),
            Agreement = AgreementJson.Read(place.Take(members, AgreementJson.Key), IntegerTop1),
        };
        place.ExpectNothingLeft(members);
        return info;
    }

    /// <summary>Writes it, its tensors included.</summary>
    /// <param name="json">Inside of an object.</param>
    /// <param name="info">What is written.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="tensors">Filled.</param>
    /// <param name="nameOf">The name under which a node is written.</param>
    public static void Write(Utf8JsonWriter json, IntegerInfo info, ModelGraph graph, List<ModelTensor> tensors, Func<string, string> nameOf)
    {
        json.WriteStartObject(Key);
        json.WriteStartObject("image");
        json.WriteNumber("exponent", info.Image.Exponent);
        WriteNumbers(json, "multiplier", info.Image.Multiplier);
        WriteNumbers(json, "bias", info.Image.Bias);
        json.WriteNumber("right_shift", info.Image.RightShift);
        json.WriteEndObject();
        json.WriteStartObject("nodes");
        var sink = new NodeSink(json, tensors);
        foreach (var node in graph.Nodes.Where(node => info.Nodes.ContainsKey(node.Name)))
        {
            sink.Node = nameOf(node.Name);
            if (HasAttributes(node))
            {
                json.WriteStartObject(sink.Node);
                info.Nodes[node.Name].WriteAll(sink, node);
                json.WriteEndObject();
            }
            else
            {
                info.Nodes[node.Name].WriteAll(sink, node);
            }
        }

        json.WriteEndObject();
        json.WriteNumber(AgreementJson.Images, info.CalibrationImages);
        AgreementJson.Write(json, info.Agreement, IntegerTop1);
        json.WriteEndObject();
    }

    /// <summary>A sign has tensors alone.</summary>
    private static bool HasAttributes(GraphNode node) => node is not SignNode;

    private static IntegerImage ReadImage(JsonPlace place)
    {
        var members = place.Members();
        var image = new IntegerImage(
            (int)place.Take(members, "exponent").Whole(FixedPointInfo.LeastExponent, FixedPointInfo.MostExponent),
            Wholes(place.Take(members, "multiplier")), Wholes(place.Take(members, "bias")),
            (int)place.Take(members, "right_shift").Whole(0, IntegerInfo.MostShift));
        place.ExpectNothingLeft(members);
        return image;
    }

    private static Dictionary<string, IntegerNode> ReadNodes(JsonPlace place, ModelGraph graph, Dictionary<string, ModelTensor> tensors)
    {
        var members = place.Members();
        var nodes = new Dictionary<string, IntegerNode>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes.Where(node => IntegerNode.BelongsTo(node, graph)))
        {
            var attributes = HasAttributes(node) ? place.Take(members, node.Name).Members() : [];
            nodes.Add(node.Name, IntegerNode.Read(node, new NodeSource(node.Name, node.Type, node.Inputs, attributes, tensors)));
        }

        place.ExpectNothingLeft(members);
        return nodes;
    }

    private static int[] Wholes(JsonPlace place) => [.. place.Items().Select(item => (int)item.Whole(int.MinValue, int.MaxValue))];

    private static void WriteNumbers(Utf8JsonWriter json, string key, IEnumerable<int> values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
