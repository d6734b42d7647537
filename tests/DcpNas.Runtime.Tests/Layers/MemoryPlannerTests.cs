using CsCheck;
using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Layers;

public class MemoryPlannerTests
{
    [Fact]
    public void Places_OfValuesNeededAtTheSameTime_NeverOverlap() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var graph = RandomGraphs.Create(seed).Graph;
        var plan = new MemoryPlanner(graph, keepAll: false);
        List<string> values = [ModelGraph.InputName, .. graph.Nodes.Select(node => node.Name)];
        for (var step = 0; step < graph.Nodes.Count; step++)
        {
            // At this step live: what was made up to here and is read here or later, or is an output.
            // A fused sign is made with the affine function before it, whose value may then have no place at all.
            var made = values.Take(step + 2).Concat(graph.Nodes.Take(step + 1).Select(plan.Fusions.SignOf).OfType<SignNode>().Select(sign => sign.Name)).Distinct();
            var live = made.Where(value => graph.Nodes.Skip(step).Any(node => !plan.Fusions.IsFused(node) && Reaches(graph, node.Inputs, value))
                || graph.Outputs.Any(output => Reaches(graph, [output.Value], value)) || IsMadeAt(step, value)).ToList();
            foreach (var a in live)
            {
                foreach (var b in live.Where(b => Root(graph, b) != Root(graph, a)))
                {
                    Assert.True(plan[a].Offset + plan[a].Bytes <= plan[b].Offset || plan[b].Offset + plan[b].Bytes <= plan[a].Offset, $"{a} and {b} at step {step}");
                }

                Assert.Equal(0, plan[a].Offset % MemoryPlanner.Alignment);
                Assert.Equal(graph.ShapeOf(a).Bytes, plan[a].Bytes);
                Assert.True(plan[a].Offset + plan[a].Bytes <= plan.TotalBytes);
            }
        }

        bool IsMadeAt(int step, string value) => graph.Nodes[step] is var node && !plan.Fusions.IsFused(node)
            && ((value == node.Name && plan.Fusions.IsWritten(node)) || value == plan.Fusions.SignOf(node)?.Name);
    }, iter: 150, threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Places_OfAnAffineAndItsSign_HoldTheRealsOnlyWhereTheyAreRead(bool read)
    {
        var graph = new GraphBuilder(8, 8, 64); // 16384 bytes of reals, 512 of bits
        var affine = graph.Affine("affine", graph.Image, new float[64], new float[64]);
        var first = graph.Sign("first", affine, new float[64], new ThresholdRule[64]);
        var sums = graph.BinaryConvolution("sums", first, SignWeights.PackDense(new float[64], 1, 64, 1), ConvolutionGeometry.Pointwise);
        graph.Output("out", graph.Affine("last", sums, [1], [0]));
        if (read)
        {
            graph.Output("reals", affine);
        }

        var model = graph.Build(new ModelInfo { Producer = "test" });
        var plan = new MemoryPlanner(model.Graph, keepAll: false);

        Assert.Equal("first", plan.Fusions.SignOf(model.Graph.Nodes[0])?.Name);
        Assert.Equal(read, plan.Fusions.IsWritten(model.Graph.Nodes[0]));
        Assert.Equal(16384 + (read ? 16384 : 0) + 512, plan.TotalBytes);
    }

    [Fact]
    public void Places_OfAChain_NeedTwoValuesOnly()
    {
        var graph = new GraphBuilder(8, 8, 16); // 4096 bytes a value
        var value = graph.Image;
        for (var i = 0; i < 20; i++)
        {
            value = graph.Relu($"r{i}", value);
        }

        graph.Output("out", value);
        var model = graph.Build(new ModelInfo { Producer = "test" });

        Assert.Equal(2 * 4096, new MemoryPlanner(model.Graph, keepAll: false).TotalBytes);
        Assert.Equal(21 * 4096, new MemoryPlanner(model.Graph, keepAll: true).TotalBytes);
    }

    private static bool Reaches(ModelGraph graph, IEnumerable<string> readers, string value) => readers.Any(reader => Root(graph, reader) == Root(graph, value));

    private static string Root(ModelGraph graph, string value)
    {
        while (graph.Nodes.FirstOrDefault(node => node.Name == value) is IdentityNode identity)
        {
            value = identity.Inputs[0];
        }

        return value;
    }
}
