using CsCheck;
using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Layers;

public class MemoryPlannerTests
{
    [Fact]
    public void Places_OfValuesNeededAtTheSameTime_NeverOverlap() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var plan = new MemoryPlanner(RandomGraphs.Create(seed).Graph, keepAll: false);
        var (graph, steps) = (plan.Steps.Graph, plan.Steps.All);
        var outputs = graph.Outputs.Select(output => plan.Steps.RootOf(output.Value)).ToList();
        List<string> made = [ModelGraph.InputName];
        for (var step = 0; step < steps.Count; step++)
        {
            // At this step live: what it makes, and what was made before and is read here or later, or is an output.
            Assert.Subset(made.ToHashSet(), steps[step].Reads.ToHashSet());
            var live = made.Where(value => outputs.Contains(value) || steps.Skip(step).Any(later => later.Reads.Contains(value))).Concat(steps[step].Makes).ToList();
            made.AddRange(steps[step].Makes);
            foreach (var a in live)
            {
                foreach (var b in live.Where(b => b != a))
                {
                    Assert.True(plan[a].Offset + plan[a].Bytes <= plan[b].Offset || plan[b].Offset + plan[b].Bytes <= plan[a].Offset, $"{a} and {b} at step {step}");
                }

                Assert.Equal(0, plan[a].Offset % MemoryPlanner.Alignment);
                Assert.Equal(graph.ShapeOf(a).Bytes, plan[a].Bytes);
                Assert.True(plan[a].Offset + plan[a].Bytes <= plan.TotalBytes);
            }
        }

        Assert.Subset(made.ToHashSet(), outputs.ToHashSet());
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

        Assert.Equal("first", Assert.Single(plan.Steps.All[0].Signs).Name);
        Assert.Equal(read, plan.Steps.All[0].IsWritten);
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
}
