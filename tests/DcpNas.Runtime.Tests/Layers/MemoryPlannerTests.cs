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
            var live = values.Take(step + 2).Where(value => graph.Nodes.Skip(step).Any(node => Reaches(graph, node.Inputs, value))
                || graph.Outputs.Any(output => Reaches(graph, [output.Value], value)) || value == graph.Nodes[step].Name).ToList();
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
    }, iter: 150, threads: 1);

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
