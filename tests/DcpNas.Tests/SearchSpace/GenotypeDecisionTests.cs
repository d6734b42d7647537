using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

/// <summary>How clearly alpha prefers a genotype.</summary>
public class GenotypeDecisionTests
{
    private const int Sep3 = 4;

    [Theory]
    [InlineData(0.25, 0.22, true)]
    [InlineData(0.2499, 0.10, false)] // below twice uniform
    [InlineData(0.45, 0.44, false)] // two operations in front: less than a tenth apart
    [InlineData(0.45, 0.40, true)]
    [InlineData(0.125, 0.125, false)]
    [InlineData(1, 0, true)]
    public void IsDecided_OfAnEdge_NeedsTwiceUniformAndATenthAheadOfTheNext(double first, double second, bool decided) =>
        Assert.Equal(decided, new EdgeDecision(2, 0, OperationNames.Skip, first, OperationNames.MaxPool, second, null).IsDecided);

    [Fact]
    public void Of_ARow_LeavesNoneOutAndTakesTheFirstOfEqualOnes()
    {
        var edge = EdgeDecision.Of(6, [0.5, 0.05, 0.15, 0.05, 0.15, 0.05, 0.03, 0.02], OperationNames.SepConv3);

        Assert.Equal(new EdgeDecision(4, 1, OperationNames.MaxPool, 0.15, OperationNames.SepConv3, 0.15, OperationNames.SepConv3), edge);
        Assert.Equal(0.025, edge.MarginOverUniform, 1e-12);
        Assert.Equal(0, edge.MarginOverRunnerUp);
        Assert.True(edge.IsKept);
    }

    [Fact]
    public void Of_ANearlyUniformAlpha_IsUndecidedAndNamesTheRemedy()
    {
        var decision = Decide(Rows(0.13, 14), Rows(0.13, 14));

        Assert.False(decision.IsDecided);
        Assert.Equal((0, 8, 0.13), (decision.Normal.DecidedCount, decision.Normal.KeptCount, Math.Round(decision.Normal.MeanProbability, 12)));
        Assert.Equal(
            "Undecided: alpha has a clear winner on 0 of 8 kept edges of the normal cell and 0 of 8 of the reduction cell (winners have 13.0 % and 13.0 % on average; 12.5 % is uniform, "
            + "25.0 % and a tenth ahead of the next is clear). The other edges are little more than a draw: raise alpha_travel (T, rate x steps of alpha; below 1 hardly anything can win), "
            + "or give alpha more steps (epochs, warmup_share, train_images).",
            decision.Summary);
    }

    [Fact]
    public void Of_AnAlphaThatDecidesHalfOfTheKeptEdgesOfBothCells_IsDecided()
    {
        Assert.Equal(
            "Decided: alpha has a clear winner on 4 of 8 kept edges of the normal cell and 8 of 8 of the reduction cell (winners have 31.5 % and 50.0 % on average; 12.5 % is uniform, "
            + "25.0 % and a tenth ahead of the next is clear).",
            Decide([.. Rows(0.5, 5), .. Rows(0.13, 9)], Rows(0.5, 14)).Summary); // of the rows 0 to 4 four are kept
    }

    [Fact]
    public void Of_AnAlphaThatDecidesOneCellAlone_IsUndecided()
    {
        Assert.False(Decide(Rows(0.13, 14), Rows(0.9, 14)).IsDecided);
        Assert.False(Decide(Rows(0.9, 14), Rows(0.13, 14)).IsDecided);
        Assert.True(Decide(Rows(0.9, 14), Rows(0.9, 14)).IsDecided);
        Assert.False(Decide([.. Rows(0.9, 3), .. Rows(0.13, 11)], Rows(0.9, 14)).IsDecided); // three of the kept ones
    }

    [Fact]
    public void ToJson_OfAGenotypeWithADecision_IsReadBack() => Gen.Select(Gen.Long, Gen.Double[0.02, 0.9].Array[112], Gen.Double[0.02, 0.9].Array[112]).Sample((seed, normal, reduction) =>
    {
        var drawn = Discretizer.Random(seed);
        var genotype = drawn with { Decision = GenotypeDecision.Of(Softmax(normal), Softmax(reduction), drawn) };

        var read = Genotype.FromJson(Encoding.UTF8.GetBytes(genotype.ToJson()), "g.json");

        Assert.Equal(genotype, read);
        Assert.Equal(genotype.Decision.Normal.Edges, read.Decision!.Normal.Edges);
        Assert.Equal(genotype.Decision.Reduction.Edges, read.Decision.Reduction.Edges);
        Assert.Equal(genotype.ToJson(), read.ToJson());
    }, iter: 100);

    [Fact]
    public void ToJson_OfADecision_StatesMarginsAndVerdictsOneEdgeALine()
    {
        var drawn = Discretizer.Random(3);
        var genotype = drawn with { Decision = GenotypeDecision.Of(Rows(0.5, 14), Rows(0.5, 14), drawn) };

        var edges = genotype.ToJson().Split('\n').Select(line => line.Trim().TrimEnd(',')).Where(line => line.StartsWith("{\"node\"", StringComparison.Ordinal)).ToList();

        Assert.Equal(28, edges.Count);
        var first = JsonNode.Parse(edges[0])!;
        Assert.Equal((2, 0, "sep_conv_3x3", 0.5, 0.375, true), (
            (int)first["node"]!, (int)first["input"]!, (string?)first["winner"], (double)first["probability"]!, (double)first["margin_over_uniform"]!, (bool)first["decided"]!));
        Assert.True((bool)JsonNode.Parse(genotype.ToJson())!["decision"]!["decided"]!);
    }

    [Theory]
    [InlineData("\"winner\":\"sep_conv_3x3\"", "\"winner\":\"sep_conv\"", "winner, expected one of ")]
    [InlineData("\"probability\":0.5", "\"probability\":1.5", "probability, expected a number from 0 to 1 but found 1.5. Leave the section as the search wrote it, or remove it.")]
    [InlineData("\"probability\":0.5", "\"probability\":\"x\"", "probability, expected a number from 0 to 1 but found 'x'. Leave the section as the search wrote it, or remove it.")]
    [InlineData("{\"node\":2,", "{\"node\":3,", "node, expected 2 but found 3. Leave the section as the search wrote it, or remove it.")]
    [InlineData("\"input\":0,\"winner\"", "\"input\":1,\"winner\"", "input, expected 0 but found 1. Leave the section as the search wrote it, or remove it.")]
    [InlineData("\"chosen\":", "\"choosen\":", ", expected only the keys node, input, winner, probability, runner_up, runner_up_probability, margin_over_uniform, margin_over_runner_up, decided, chosen but found 'choosen'. Did you mean 'chosen'?")]
    public void FromJson_OfAFaultyDecision_NamesThePlace(string part, string faulty, string message)
    {
        var drawn = Discretizer.Random(3);
        var text = (drawn with { Decision = GenotypeDecision.Of(Rows(0.5, 14), Rows(0.5, 14), drawn) }).ToJson();
        var at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at > 0);

        var problem = Assert.Throws<InputException>(() => Genotype.FromJson(Encoding.UTF8.GetBytes(text[..at] + faulty + text[(at + part.Length)..]), "g.json"));

        Assert.StartsWith("g.json: at decision.normal.edges[", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"]{(message[0] == ',' ? "" : ".")}{message}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_WhereTheCellIsAnotherThanTheDecisionSays_NamesTheEdge()
    {
        var (one, other) = (Genotype.Parse(Text("sep3")), Genotype.Parse(Text("max")));
        var text = (one with { Decision = GenotypeDecision.Of(Rows(0.5, 14), Rows(0.5, 14), other) }).ToJson();

        Assert.Equal(
            "g.json: at decision.normal.edges[0].chosen, expected 'sep_conv_3x3', which the cell holds but found 'max_pool_3x3'. Leave the section as the search wrote it, or remove it.",
            Assert.Throws<InputException>(() => Genotype.FromJson(Encoding.UTF8.GetBytes(text), "g.json")).Message);
    }

    private static GenotypeDecision Decide(double[][] normal, double[][] reduction) => GenotypeDecision.Of(normal, reduction, Genotype.Parse(Text("sep3")));

    private static string Text(string first)
    {
        var cell = $"n2[{first}<-0, sep3<-1] n3[sep3<-0, sep3<-1] n4[sep3<-0, sep3<-1] n5[sep3<-0, sep3<-1]";
        return $"normal: {cell} | reduction: {cell}";
    }

    private static double[][] Rows(double winner, int count) => [.. Enumerable.Range(0, count).Select(_ =>
        Enumerable.Range(0, 8).Select(column => column == Sep3 ? winner : (1 - winner) / 7).ToArray())];

    private static double[][] Softmax(double[] values) => [.. values.Chunk(8).Select(row => row.Select(value => value / row.Sum()).ToArray())];
}
