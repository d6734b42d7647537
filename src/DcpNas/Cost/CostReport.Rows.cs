using System.Text.Json.Nodes;

namespace DcpNas.Cost;

public sealed partial class CostReport
{
    /// <summary>The cost as the report shows it, with every layer beside it.</summary>
    public JsonObject SummaryJson()
    {
        var total = Total;
        var network = $"final network: {(Geometry.Cells == 0 ? "" : $"{Count(Geometry.Cells, "cell")}, ")}{Count(Geometry.Channels, "channel")}, {Geometry.InputHeight} x {Geometry.InputWidth}";
        return new JsonObject
        {
            ["rows"] = new JsonArray(
                Row("OPs (FLOPs + BOPs/64)", total.Ops / 1e6, "M", network),
                Row("of these binary (BOPs/64)", total.BinaryOps / 1e6, "M", "convolutions with 1-bit weights and activations"),
                Row("FLOPs", total.Flops / 1e6, "M", "real convolutions and elementwise work"),
                Row("BOPs", total.Bops / 1e6, "M", "binary multiply-accumulates"),
                Row("Memory of the weights", total.Mbit, "Mbit", "1 bit per binary weight, 32 per real parameter"),
                Row("of these binary", total.BinaryWeights / 1e6, "Mbit", $"{total.BinaryWeights} binary weights"),
                Row("of these real", total.RealBits / 1e6, "Mbit", $"{total.RealParameters} real parameters")),
            ["detail"] = JsonNode.Parse(ToJson()),
        };
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    private static JsonObject Row(string name, double value, string unit, string note) => new() { ["name"] = name, ["value"] = value, ["unit"] = unit, ["note"] = note };
}
