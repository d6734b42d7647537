using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>Writes a model file; the same model always gives the same bytes.</summary>
internal static class ModelWriter
{
    // Text inside of JSON inside of JSON stays readable. Nothing here goes into a web page.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">The target.</param>
    /// <param name="names">The names under which nodes are written, by their own; null for their own.</param>
    public static void Write(PackedModel model, Stream stream, IReadOnlyDictionary<string, string>? names = null)
    {
        var tensors = new List<ModelTensor>();
        var json = Encoding.UTF8.GetString(Json(model, tensors, name => names is not null && names.TryGetValue(name, out var other) ? other : name));
        var entries = SafetensorsHeader.Arrange(tensors.Select(tensor => (tensor.Name, tensor.Type, (IReadOnlyList<long>)[.. tensor.Shape])));
        var data = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Data, StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
        {
            hash.AppendData(data[entry.Name].Span);
        }

        KeyValuePair<string, string>[] metadata =
        [
            new(ModelFormat.FormatKey, ModelFormat.FormatName),
            new(ModelFormat.VersionKey, ModelFormat.Version),
            new(ModelFormat.ModelHashKey, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))),
            new(ModelFormat.TensorHashKey, Convert.ToHexStringLower(hash.GetHashAndReset())),
            new(ModelFormat.ModelKey, json),
        ];
        SafetensorsHeader.Write(stream, entries, metadata, Relaxed);
        foreach (var entry in entries)
        {
            stream.Write(data[entry.Name].Span);
        }
    }

    private static byte[] Json(PackedModel model, List<ModelTensor> tensors, Func<string, string> nameOf)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            WriteInfo(json, model.Info, nameOf);
            if (model.Info.Integers is { } integers)
            {
                IntegerJson.Write(json, integers, model.Graph, tensors, nameOf);
            }

            WriteGraph(json, model.Graph, tensors, nameOf);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteInfo(Utf8JsonWriter json, ModelInfo info, Func<string, string> nameOf)
    {
        json.WriteString("producer", info.Producer);
        if (info.Genotype is not null)
        {
            json.WriteString("genotype", info.Genotype);
        }

        if (info.Network is not null)
        {
            json.WritePropertyName(ModelFormat.NetworkKey);
            json.WriteRawValue(info.Network);
        }

        if (info.Preprocessing is { } preprocessing)
        {
            json.WriteStartObject("preprocessing");
            WriteNumbers(json, "mean", preprocessing.Mean);
            WriteNumbers(json, "std", preprocessing.StandardDeviation);
            if (preprocessing.Resize is { } resize)
            {
                json.WriteNumber("resize", resize);
            }

            if (preprocessing.Fit == ImageFit.Stretch)
            {
                json.WriteString(ModelFormat.FitKey, ModelFormat.Stretch);
            }

            json.WriteEndObject();
        }

        if (info.Classes.Count > 0)
        {
            WriteStrings(json, "classes", info.Classes);
        }

        if (info.Detector is { } detector)
        {
            DetectorJson.Write(json, detector);
        }

        if (info.FixedPoint is { } fixedPoint)
        {
            FixedPointJson.Write(json, fixedPoint, nameOf);
        }

        if (info.Cost.Count > 0)
        {
            json.WriteStartObject("cost");
            foreach (var (key, value) in info.Cost.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteNumber(key, value);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteGraph(Utf8JsonWriter json, ModelGraph graph, List<ModelTensor> tensors, Func<string, string> nameOf)
    {
        json.WriteStartObject("input");
        json.WriteNumber("height", graph.Input.Height);
        json.WriteNumber("width", graph.Input.Width);
        json.WriteNumber("channels", graph.Input.Channels);
        json.WriteEndObject();
        json.WriteStartArray("nodes");
        var sink = new NodeSink(json, tensors);
        foreach (var node in graph.Nodes)
        {
            json.WriteStartObject();
            sink.Node = nameOf(node.Name);
            json.WriteString("name", sink.Node);
            json.WriteString("type", node.Type);
            WriteStrings(json, "inputs", node.Inputs.Select(nameOf));
            node.Write(sink);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("outputs");
        foreach (var (name, value) in graph.Outputs)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", nameOf(value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, IEnumerable<double> values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string key, IEnumerable<string> values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
