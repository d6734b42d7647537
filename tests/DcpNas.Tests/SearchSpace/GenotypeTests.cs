using CsCheck;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

public class GenotypeTests
{
    private const string Text =
        "normal: n2[skip<-0, sep3<-1] n3[max<-0, avg<-2] n4[dil3<-1, dil5<-3] n5[sep5<-0, skip<-4] | "
        + "reduction: n2[max<-0, max<-1] n3[skip<-0, skip<-1] n4[sep3<-2, sep3<-3] n5[avg<-3, dil5<-4]";

    [Fact]
    public void Parse_ThenToString_GivesTheSameText() => Assert.Equal(Text, Genotype.Parse(Text).ToString());

    [Fact]
    public void Parse_ReadsEdgesInPlace()
    {
        var genotype = Genotype.Parse(Text);

        Assert.Equal([new("max_pool_3x3", 0), new("avg_pool_3x3", 2)], genotype.Normal.Nodes[1]);
        Assert.Equal([new("avg_pool_3x3", 3), new("dil_conv_5x5", 4)], genotype.Reduction.Nodes[3]);
    }

    [Fact]
    public void Parse_WithFullNamesFreeSpaceAndOtherOrder_GivesAnEqualGenotype()
    {
        var loose = Text.Replace("skip<-0, sep3<-1", " sep_conv_3x3 <- 1 ,\n skip_connect<-0 ", StringComparison.Ordinal).Replace(" | ", "|", StringComparison.Ordinal);

        Assert.Equal(Genotype.Parse(Text), Genotype.Parse(loose));
        Assert.Equal(Genotype.Parse(Text).GetHashCode(), Genotype.Parse(loose).GetHashCode());
    }

    [Theory]
    [InlineData("normal", "norm", "character 1, expected 'normal' but found 'n'. {form}")]
    [InlineData("sep3<-1", "sepp3<-1", "character 21, expected one of skip, max, avg, sep3, sep5, dil3, dil5 but found 'sepp3'. Did you mean 'sep3'?")]
    [InlineData("sep3<-1", "none<-1", "character 21, expected an operation other than 'none' but found 'none'. Name the operation that the edge keeps, or another edge.")]
    [InlineData("sep3<-1", "sep3<-2", "character 27, expected a number from 0 to 1 but found 2. Node 2 reads the cell's inputs (0 and 1) and the nodes before it.")]
    [InlineData("sep3<-1", "sep3<-0", "character 27, expected an input other than 0 but found 0 again. The two edges of a node read different inputs.")]
    [InlineData("sep3<-1", "sep3<-x", "character 27, expected the number of a node but found 'x'. Write the input as in 'sep3<-1'.")]
    [InlineData("sep3<-1", "sep3-1", "character 25, expected '<-' but found '-'. {form}")]
    [InlineData("sep3<-1]", "sep3<-1, max<-0]", "character 28, expected ']' but found ','. {form}")]
    [InlineData("dil5<-4]", "dil5<-4", "character 183, expected ']' but found the end. {form}")]
    [InlineData("dil5<-4]", "dil5<-4] n6", "character 185, expected the end but found 'n'. {form}")]
    [InlineData("sep3<-1", "sep3<-", "character 27, expected a name or a number but found ']'. {form}")]
    public void Parse_Faulty_NamesTheCharacter(string part, string faulty, string message)
    {
        var at = Text.IndexOf(part, StringComparison.Ordinal);
        var problem = Assert.Throws<InputException>(() => Genotype.Parse(Text[..at] + faulty + Text[(at + part.Length)..]));

        const string form = "The form is 'normal: n2[max<-0, sep5<-1] n3[...] n4[...] n5[...] | reduction: n2[...] ...'.";
        Assert.Equal("genotype text: at " + message.Replace("{form}", form, StringComparison.Ordinal), problem.Message);
    }

    [Fact]
    public void ToString_OfAnyGenotype_IsReadBack() =>
        Gen.Long.Select(Discretizer.Random).Sample(genotype => Assert.Equal(genotype, Genotype.Parse(genotype.ToString())), iter: 500);

    [Fact]
    public void Equals_WithAnotherEdge_IsFalse()
    {
        var genotype = Genotype.Parse(Text);

        Assert.NotEqual(genotype, Genotype.Parse(Text.Replace("sep5<-0", "sep3<-0", StringComparison.Ordinal)));
        Assert.NotEqual(genotype, Genotype.Parse(Text.Replace("sep5<-0", "sep5<-1", StringComparison.Ordinal)));
        Assert.NotEqual(genotype, genotype with { Reduction = genotype.Normal });
        Assert.Equal(genotype, genotype with { Provenance = new GenotypeProvenance(Seed: 1) });
    }

    [Fact]
    public void Edges_GivesNodeAndRowOfAlpha()
    {
        var edges = Genotype.Parse(Text).Normal.Edges().ToArray();

        Assert.Equal([2, 2, 3, 3, 4, 4, 5, 5], edges.Select(edge => edge.Node));
        Assert.Equal([0, 1, 2, 4, 6, 8, 9, 13], edges.Select(edge => edge.EdgeIndex));
    }

    [Fact]
    public void CellGenotype_OfTooFewNodes_Throws()
    {
        var problem = Assert.Throws<ArgumentException>(() => new CellGenotype(Genotype.Parse(Text).Normal.Nodes.Take(3)));

        Assert.StartsWith("A cell must have 4 nodes, got 3.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CellGenotype_OfThreeEdges_Throws()
    {
        var nodes = Genotype.Parse(Text).Normal.Nodes.ToArray();
        nodes[1] = [.. nodes[1], new GenotypeEdge("skip_connect", 1)];

        var problem = Assert.Throws<ArgumentException>(() => new CellGenotype(nodes));

        Assert.StartsWith("Node 3 must have 2 edges, got 3.", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 0, "edges[1].operation must be an operation other than 'none', got 'none'.")]
    [InlineData("conv", 0, "edges[1].operation must be one of skip_connect, max_pool_3x3, avg_pool_3x3, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil_conv_5x5, got 'conv'.")]
    [InlineData("skip_connect", 3, "edges[1].input must be a number from 0 to 2, got 3.")]
    [InlineData("skip_connect", -1, "edges[1].input must be a number from 0 to 2, got -1.")]
    [InlineData("skip_connect", 2, "edges[1].input must be an input other than 2, got 2 again.")]
    public void CellGenotype_OfAFaultyEdge_Throws(string operation, int input, string message)
    {
        var nodes = Genotype.Parse(Text).Normal.Nodes.ToArray();
        nodes[1] = [new GenotypeEdge("skip_connect", 2), new GenotypeEdge(operation, input)];

        var problem = Assert.Throws<ArgumentException>(() => new CellGenotype(nodes));

        Assert.StartsWith($"Node 3, {message}", problem.Message, StringComparison.Ordinal);
    }
}
