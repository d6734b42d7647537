using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DcpNas.Embedded;

namespace DcpNas.Runtime.Tests.Embedded;

/// <summary>What the table of instructions says, against programs that were linked and counted in QEMU (bench/tables/microcontrollers.jsonl, of eng/fit-instructions.sh).</summary>
public sealed class ChipCostTests
{
    public static TheoryData<string> Measured() => [.. Rows().Select(row => (string)row["model"]!).Distinct()];

    [Theory]
    [MemberData(nameof(Measured))]
    public void Of_ANetworkOfTheTool_HasTheBytesOfTheLinkedProgramAndItsInstructionsWithinFivePercent(string name)
    {
        var model = Load(name);
        var rows = Rows().Where(row => (string)row["model"]! == name).ToArray();
        Assert.Equal(ChipCost.Cores.Order(StringComparer.Ordinal), rows.Select(row => (string)row["core"]!).Order(StringComparer.Ordinal));
        Assert.All(rows, row =>
        {
            var cost = ChipCost.Of(model, (string)row["core"]!);
            Assert.Equal((long)row["constants"]!, cost.ConstantBytes);
            Assert.InRange(cost.Instructions / (double)row["instructions"]!, 0.95, 1.05);
            Assert.InRange(cost.CodeBytes / (double)row["code"]!, 0.9, 1.1);
        });
    }

    [Theory]
    [MemberData(nameof(Measured))]
    public void Of_ANetwork_HasTheArenaOfTheGeneratedHeader(string name)
    {
        var model = Load(name);
        var header = CSourceGenerator.Generate(model, "net").Files["net.h"];
        Assert.Equal($"{ChipCost.Of(model, "cortex-m0").ArenaBytes}", Regex.Match(header, @"#define NET_ARENA_BYTES (\d+)").Groups[1].Value);
    }

    [Fact]
    public void Of_ALargerNetwork_CostsMore()
    {
        var (small, large) = (ChipCost.Of(Load("mnist"), "cortex-m4"), ChipCost.Of(Load("scenes"), "cortex-m4"));
        Assert.True(small.Instructions < large.Instructions && small.ConstantBytes < large.ConstantBytes && small.ArenaBytes < large.ArenaBytes);
        Assert.Equal(small.ConstantBytes + small.CodeBytes, small.FlashBytes);
    }

    [Fact]
    public void Of_AnUnknownCore_NamesAll() => Assert.StartsWith(
        "Unknown core 'z80'. Known cores: cortex-m0, cortex-m3, cortex-m4, cortex-m7, cortex-m33, cortex-m55, rv32, rv32-zbb.",
        Assert.Throws<ArgumentException>(() => ChipCost.Of(Load("mnist"), "z80")).Message, StringComparison.Ordinal);

    private static PackedModel Load(string name) => PackedModel.Load(Path.Combine(Checkout.Folder, "models", $"{name}.dcpnas"));

    private static JsonNode[] Rows() => [.. File.ReadLines(Path.Combine(Checkout.Folder, "bench", "tables", "microcontrollers.jsonl")).Select(line => JsonNode.Parse(line)!)];
}
