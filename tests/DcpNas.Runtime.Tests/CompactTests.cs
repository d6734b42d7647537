using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>The smaller form of a model for shipping.</summary>
public class CompactTests
{
    [Fact]
    public void Compact_OfAnyModel_GivesTheSameBitsInTheExactAndTheFastMode()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var model = SampleModels.Calibrated(RandomGraphs.Create(seed), seed);
            var compact = model.Compact();
            var image = new Draw(seed).Reals((int)model.Graph.Input.Elements);
            foreach (var mode in (NumericMode[])[NumericMode.Exact, NumericMode.Fast])
            {
                using var one = new PackedRunner(model, new PackedRunnerOptions { Mode = mode });
                using var other = new PackedRunner(compact, new PackedRunnerOptions { Mode = mode });
                one.Run(image);
                other.Run(image);
                Assert.All(model.Graph.Outputs, output => Assert.Equal(one.Output(output.Name).ToArray(), other.Output(output.Name).ToArray()));
            }
        }
    }

    [Fact]
    public void Compact_OfANetwork_KeepsWhatProgramsReadAndShortensTheRest()
    {
        var graph = new GraphBuilder(4, 4, 3);
        var value = graph.Convolution("a.rather.long.name.of.a.stem", graph.Image, new Draw(1).Reals(8 * 27), [], ConvolutionGeometry.Same(3));
        for (var i = 0; i < 100; i++)
        {
            value = graph.Relu($"cells.{i}.a.rather.long.name.of.a.node", value);
        }

        graph.Output(GraphOutput.Logits, graph.Linear("head.with.a.long.name", graph.GlobalAverage("pool", value), new Draw(2).Reals(80), []));
        var model = graph.Build(SampleModels.Info(3, 10));

        var compact = model.Compact();

        Assert.Equal(model.Info.Classes, compact.Info.Classes);
        Assert.Equal(model.Info.Producer, compact.Info.Producer);
        Assert.Equal(model.Info.Preprocessing!.Mean, compact.Info.Preprocessing!.Mean);
        Assert.Null(compact.Info.Genotype);
        Assert.Null(compact.Info.Network);
        Assert.Empty(compact.Info.Cost);
        Assert.Equal(GraphOutput.Logits, Assert.Single(compact.Graph.Outputs).Name);
        Assert.Equal(["0", "1", "z", "00", "1u"], ((int[])[0, 1, 35, 36, 102]).Select(at => compact.Graph.Nodes[at].Name));
        Assert.InRange((double)SampleModels.Bytes(compact).Length / SampleModels.Bytes(model).Length, 0.1, 0.7);
        Assert.Equal(SampleModels.Bytes(compact), SampleModels.Bytes(compact.Compact())); // nothing is left to take away
    }
}
