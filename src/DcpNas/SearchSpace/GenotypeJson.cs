using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DcpNas.SearchSpace;

/// <summary>Reads and writes the JSON form of genotypes.</summary>
internal static class GenotypeJson
{
    private const string Top = "the top level";

    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Accepted = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static string Write(Genotype genotype)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Layout))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Genotype.Format);
            WriteCell(writer, "normal", genotype.Normal);
            WriteCell(writer, "reduction", genotype.Reduction);
            if (genotype.Size is { } size)
            {
                writer.WriteStartObject("network");
                writer.WriteNumber("channels", size.Channels);
                writer.WriteNumber("cells", size.Cells);
                writer.WriteEndObject();
            }

            if (genotype.Provenance is { } provenance)
            {
                WriteProvenance(writer, provenance);
            }

            if (genotype.Decision is { } decision)
            {
                GenotypeDecisionJson.Write(writer, decision);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <exception cref="InputException">The text is not JSON or no genotype.</exception>
    public static Genotype Read(ReadOnlyMemory<byte> json, string source)
    {
        var text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        CheckEncoding(text.Span, source);
        try
        {
            using var document = JsonDocument.Parse(text, Accepted);
            return ReadGenotype(new GenotypeJsonReader(source), document.RootElement);
        }
        catch (JsonException problem)
        {
            throw InputException.InFile(source, JsonFault.Place(problem), "JSON", $"a syntax error ({JsonFault.Reason(problem)})", "Correct the file, or write it again with dcpnas.", problem);
        }
    }

    /// <summary>The parser does not look into strings; text that is not UTF-8 would only fail when one is taken out.</summary>
    private static void CheckEncoding(ReadOnlySpan<byte> text, string source)
    {
        if (System.Text.Unicode.Utf8.IsValid(text))
        {
            return;
        }

        var position = 0;
        while (Rune.DecodeFromUtf8(text[position..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }

        throw InputException.InFile(source, $"byte {position + 1}", "UTF-8 text", $"the byte 0x{text[position]:X2}", "Save the file as UTF-8.");
    }

    private static void WriteCell(Utf8JsonWriter writer, string key, CellGenotype cell)
    {
        writer.WriteStartObject(key);
        writer.WriteStartArray("nodes");
        foreach (var edges in cell.Nodes)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("edges");
            foreach (var edge in edges)
            {
                writer.WriteStartObject();
                writer.WriteString("operation", edge.Operation);
                writer.WriteNumber("input", edge.Input);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteProvenance(Utf8JsonWriter writer, GenotypeProvenance provenance)
    {
        writer.WriteStartObject("provenance");
        WriteText("strategy", provenance.Strategy);
        if (provenance.Seed is { } seed)
        {
            writer.WriteNumber("seed", seed);
        }

        WriteText("dataset", provenance.Dataset);
        WriteText("run", provenance.Run);
        writer.WriteEndObject();

        void WriteText(string key, string? value)
        {
            if (value is not null)
            {
                writer.WriteString(key, value);
            }
        }
    }

    private static Genotype ReadGenotype(GenotypeJsonReader reader, JsonElement root)
    {
        reader.CheckFormat(root, Top);
        var keys = reader.Object(root, Top, required: ["format", "normal", "reduction"], optional: ["network", "provenance", "decision"]);
        var cells = new Genotype(ReadCell(reader, keys["normal"], "normal"), ReadCell(reader, keys["reduction"], "reduction"));
        return cells with
        {
            Size = keys.TryGetValue("network", out var network) ? ReadSize(reader, network) : null,
            Provenance = keys.TryGetValue("provenance", out var provenance) ? ReadProvenance(reader, provenance) : null,
            Decision = keys.TryGetValue("decision", out var decision) ? GenotypeDecisionJson.Read(reader, decision, cells) : null,
        };
    }

    private static CellGenotype ReadCell(GenotypeJsonReader reader, JsonElement cell, string place)
    {
        var nodes = reader.Object(cell, place, required: ["nodes"])["nodes"];
        return new CellGenotype(reader.List(nodes, $"{place}.nodes", CellTopology.NodeCount)
            .Select((node, index) => ReadNode(reader, node, $"{place}.nodes[{index}]", index + CellTopology.InputCount)));
    }

    private static GenotypeEdge[] ReadNode(GenotypeJsonReader reader, JsonElement element, string place, int node)
    {
        var edges = new List<GenotypeEdge>();
        foreach (var edge in reader.List(reader.Object(element, place, required: ["edges"])["edges"], $"{place}.edges", CellTopology.EdgesKeptPerNode))
        {
            var edgePlace = $"{place}.edges[{edges.Count}]";
            var keys = reader.Object(edge, edgePlace, required: ["operation", "input"]);
            edges.Add(new GenotypeEdge(
                reader.Text(keys["operation"], $"{edgePlace}.operation"),
                (int)Math.Clamp(reader.Whole(keys["input"], $"{edgePlace}.input"), int.MinValue, int.MaxValue)));
            if (GenotypeRules.FirstFault(edges, node) is { } fault)
            {
                throw reader.Fault($"{place}.{fault.Part}", fault.Expected, fault.Found, fault.Remedy);
            }
        }

        return [.. edges];
    }

    private static GenotypeSize ReadSize(GenotypeJsonReader reader, JsonElement element)
    {
        var keys = reader.Object(element, "network", required: ["channels", "cells"]);
        return new GenotypeSize(Whole("channels", 2, 4096), Whole("cells", 1, 1000)); // the ranges of final_channels and final_cells

        int Whole(string key, int least, int most) => reader.Whole(keys[key], $"network.{key}") is var number && number >= least && number <= most
            ? (int)number
            : throw reader.Fault($"network.{key}", $"a number from {least} to {most}", $"{number}", "Correct it, or remove network.");
    }

    private static GenotypeProvenance ReadProvenance(GenotypeJsonReader reader, JsonElement element)
    {
        var keys = reader.Object(element, "provenance", required: [], optional: ["strategy", "seed", "dataset", "run"]);
        return new GenotypeProvenance(
            Strategy: Text("strategy"),
            Seed: keys.TryGetValue("seed", out var seed) ? reader.Whole(seed, "provenance.seed") : null,
            Dataset: Text("dataset"),
            Run: Text("run"));

        string? Text(string key) => keys.TryGetValue(key, out var value) ? reader.Text(value, $"provenance.{key}") : null;
    }
}
