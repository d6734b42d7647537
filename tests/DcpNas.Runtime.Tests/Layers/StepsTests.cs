using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Layers;

public class StepsTests
{
    [Fact]
    public void All_OfACellLikeGraph_RunsConvolutionAffineAddAndSignsTogether()
    {
        var graph = Cell(addReadTwice: false);

        var steps = new Steps(graph, alone: false).All;

        var node = Assert.Single(steps, step => step.Node.Name == "node");
        Assert.Equal("binary_convolution+affine+add+sign", node.Type);
        Assert.Equal(["bits", ModelGraph.InputName, "pool"], node.Reads);
        Assert.Equal(["part.0", "part.2"], node.Signs.Select(sign => sign.Name)); // of the concatenation, which is gone
        Assert.False(node.IsWritten);
        Assert.DoesNotContain(steps, step => step.Node.Name is "sums" or "outer" or "both");
        Assert.Equal(2, steps.Count(step => step.Node is ConcatNode)); // of bits
    }

    [Fact]
    public void All_WhereAnotherReadsTheAffine_KeepsTheAddApart()
    {
        var steps = new Steps(Cell(addReadTwice: true), alone: false).All;

        Assert.Equal("add", Assert.Single(steps, step => step.Node.Name == "node").Type);
        Assert.Equal("binary_convolution+affine", Assert.Single(steps, step => step.Node.Name == "outer").Type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_OfAPoolAndItsNormalisation_RunsThemTogetherUnlessAnotherReadsThePool(bool read)
    {
        var graph = new GraphBuilder(4, 4, 8);
        var pool = graph.AveragePool("pool", graph.Image, 3, 1, 1);
        graph.Output("out", graph.Affine("norm", pool, new float[8], new float[8]));
        if (read)
        {
            graph.Output("pool", pool);
        }

        var steps = new Steps(graph.Build(new ModelInfo { Producer = "test" }).Graph, alone: false).All;

        Assert.Equal(read ? ["average_pool", "affine"] : ["average_pool+affine"], steps.Select(step => step.Type));
    }

    [Fact]
    public void All_Alone_IsOneStepPerNode()
    {
        var graph = Cell(addReadTwice: false);

        Assert.Equal(graph.Nodes.Select(node => node.Name), new Steps(graph, alone: true).All.Select(step => step.Node.Name));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(24, false)]
    public void All_OfAShortcutThatRepeats_ReadsItWhereItIs(int channels, bool fits)
    {
        var graph = new GraphBuilder(2, 2, channels);
        var twice = graph.Concat("twice", graph.Image, graph.Image);
        var sums = graph.BinaryConvolution(
            "sums", graph.Sign("bits", graph.Image, new float[channels], new ThresholdRule[channels]), SignWeights.PackDense(new float[2 * channels * channels], 2 * channels, channels, 1), ConvolutionGeometry.Pointwise);
        graph.Output("out", graph.Affine("outer", sums, new float[2 * channels], new float[2 * channels], twice));

        var last = new Steps(graph.Build(new ModelInfo { Producer = "test" }).Graph, alone: false).All[^1];

        Assert.Equal(fits ? ModelGraph.InputName : "twice", last.Shortcut);
    }

    private static ModelGraph Cell(bool addReadTwice)
    {
        var graph = new GraphBuilder(4, 4, 8);
        var bits = graph.Sign("bits", graph.Image, new float[8], new ThresholdRule[8]);
        var pool = graph.MaxPool("pool", graph.Image, 3, 1, 1);
        var sums = graph.BinaryConvolution("sums", bits, SignWeights.PackDense(new float[64], 8, 8, 1), ConvolutionGeometry.Pointwise);
        var outer = graph.Affine("outer", sums, new float[8], new float[8], graph.Image, new float[8]);
        var node = graph.Add("node", pool, outer);
        var both = graph.Concat("both", node, pool);
        foreach (var name in (string[])["a", "b"])
        {
            var signs = graph.Sign($"signs_{name}", both, new float[16], new ThresholdRule[16]);
            var last = graph.BinaryConvolution($"last_{name}", signs, SignWeights.PackDense(new float[16], 1, 16, 1), ConvolutionGeometry.Pointwise);
            graph.Output($"out_{name}", graph.Affine($"end_{name}", last, [1], [0]));
        }

        if (addReadTwice)
        {
            graph.Output("more", outer);
        }

        return graph.Build(new ModelInfo { Producer = "test" }).Graph;
    }
}
