using System.Text.Json.Nodes;

namespace DcpNas.Cost;

public sealed partial class CostReport
{
    /// <summary>The cost as the report shows it, with every layer beside it.</summary>
    /// <param name="chip">What the network takes on a chip; null where nobody asks.</param>
    public JsonObject SummaryJson(ChipReading? chip = null)
    {
        var total = Total;
        var network = $"final network: {(Geometry.Cells == 0 ? "" : $"{Count(Geometry.Cells, "cell")}, ")}{Count(Geometry.Channels, "channel")}, {Geometry.InputHeight} x {Geometry.InputWidth}";
        var json = new JsonObject
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
        if (chip is { Amount: var amount })
        {
            json["rows"]!.AsArray().Add(Row("Flash", amount.FlashBytes, "bytes", $"constants and code of the generated C on {chip.Target}"));
            json["rows"]!.AsArray().Add(Row("RAM", amount.ArenaBytes, "bytes", "the arena, for its values"));
            json["rows"]!.AsArray().Add(Row("Instructions", amount.Instructions / 1e6, "M", $"of an image on {chip.Target}, about"));
            json["chip"] = chip.ToJson();
        }

        return json;
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    private static JsonObject Row(string name, double value, string unit, string note) => new() { ["name"] = name, ["value"] = value, ["unit"] = unit, ["note"] = note };
}
