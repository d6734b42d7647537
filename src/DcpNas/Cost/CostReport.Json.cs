using System.Text;
using System.Text.Json;

namespace DcpNas.Cost;

/// <content>The report as JSON.</content>
public sealed partial class CostReport
{
    /// <summary>What the key <c>format</c> of the JSON form says.</summary>
    public const string Format = "dcpnas-cost-1";

    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Keys: <c>format</c>, <c>genotype</c> (or <c>architecture</c> for a hand-made network), <c>geometry</c>, <c>total</c>, <c>groups</c> (by name), <c>layers</c>. Every cost has the same
    /// keys: <c>ops</c>, <c>ops_binary</c>, <c>ops_convolution</c>, <c>bops</c>, <c>flops</c>, <c>flops_convolution</c>, <c>flops_elementwise</c>,
    /// <c>macs</c>, <c>binary_weights</c>, <c>real_parameters</c>, <c>memory_mbit</c>, <c>memory_mbit_binary</c>, <c>memory_mbit_real</c>.
    /// Counts are whole numbers per image, not in millions.
    /// </summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Layout))
        {
            writer.WriteStartObject();
            writer.WriteString("format", Format);
            writer.WriteString(Architecture is null ? "genotype" : "architecture", Architecture ?? Genotype);
            WriteGeometry(writer);
            writer.WriteStartObject("total");
            WriteCost(writer, Total);
            writer.WriteEndObject();
            writer.WriteStartObject("groups");
            foreach (var (group, cost) in Groups.Where(group => group.Value != default))
            {
                writer.WriteStartObject(CostNames.Of(group));
                WriteCost(writer, cost);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            WriteLayers(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private void WriteGeometry(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("geometry");
        writer.WriteNumber("channels", Geometry.Channels);
        if (Architecture is null)
        {
            writer.WriteNumber("cells", Geometry.Cells);
        }

        writer.WriteNumber("input_height", Geometry.InputHeight);
        writer.WriteNumber("input_width", Geometry.InputWidth);
        writer.WriteNumber("input_channels", Geometry.InputChannels);
        writer.WriteNumber("classes", Geometry.Classes);
        if (Architecture is null)
        {
            writer.WriteNumber("stem_multiplier", Geometry.StemMultiplier);
        }

        writer.WriteString("stem", CostNames.Of(Geometry.Stem));
        writer.WriteString("scheme", CostNames.Of(Geometry.Scheme));
        if (Geometry.RealWeights)
        {
            writer.WriteBoolean("real_weights", true);
        }

        writer.WriteEndObject();
    }

    private void WriteLayers(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("layers");
        foreach (var layer in Layers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", layer.Name);
            writer.WriteString("group", CostNames.Of(layer.Group));
            writer.WriteString("shape", layer.Shape);
            writer.WriteStartArray("output");
            writer.WriteNumberValue(layer.Output.Channels);
            writer.WriteNumberValue(layer.Output.Height);
            writer.WriteNumberValue(layer.Output.Width);
            writer.WriteEndArray();
            WriteCost(writer, layer.Cost);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCost(Utf8JsonWriter writer, CostAmount cost)
    {
        writer.WriteNumber("ops", cost.Ops);
        writer.WriteNumber("ops_binary", cost.BinaryOps);
        writer.WriteNumber("ops_convolution", cost.ConvolutionOps);
        writer.WriteNumber("bops", cost.Bops);
        writer.WriteNumber("flops", cost.Flops);
        writer.WriteNumber("flops_convolution", cost.RealMacs);
        writer.WriteNumber("flops_elementwise", cost.ElementwiseFlops);
        writer.WriteNumber("macs", cost.Macs);
        writer.WriteNumber("binary_weights", cost.BinaryWeights);
        writer.WriteNumber("real_parameters", cost.RealParameters);
        writer.WriteNumber("memory_mbit", cost.Mbit);
        writer.WriteNumber("memory_mbit_binary", cost.BinaryWeights / 1e6);
        writer.WriteNumber("memory_mbit_real", cost.RealBits / 1e6);
    }
}
