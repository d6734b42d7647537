using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>The genotype that the supernet can least do without.</summary>
public class PerturbationSelectionTests
{
    public PerturbationSelectionTests() => LibTorch.Load();

    [Fact]
    public void Run_OnASupernetTrainedWithPlantedOperations_FindsMostOfThem()
    {
        // Two edges of each node hold sep_conv_3x3, all others none, while the weights learn; every other operation was never used.
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Strategy = SearchStrategy.Parent, Epochs = 7, WarmupShare = 0.9 });
        var side = search.Networks.Parent;
        using (no_grad())
        {
            foreach (var kind in (CellKind[])[CellKind.Normal, CellKind.Reduction])
            {
                var alpha = side.Architecture.Alpha(kind).fill_(-30);
                alpha.select(1, OperationNames.IndexOf(OperationNames.None)).fill_(0);
                for (var node = CellTopology.InputCount; node < CellTopology.PlaceCount; node++)
                {
                    foreach (var input in (int[])[0, 1])
                    {
                        var row = alpha.select(0, CellTopology.EdgeIndex(node, input)).fill_(-30);
                        row[OperationNames.IndexOf(OperationNames.SepConv3)].fill_(0);
                    }
                }
            }
        }

        search.Run();
        var images = search.Data.Evaluation().ToList();
        var calls = 0;

        var genotype = PerturbationSelection.Run(side, images, _ => calls++, CancellationToken.None);

        images.ForEach(batch => batch.Dispose());
        Assert.Equal(PerturbationSelection.Evaluations, calls);
        var found = genotype.Normal.Edges().Concat(genotype.Reduction.Edges()).Count(edge => edge.Edge.Operation == OperationNames.SepConv3 && edge.Edge.Input < 2);
        Assert.True(found >= 12, $"{found} of 16 planted edges in {genotype}"); // chance: 2 of 7 operations and pairs of places, about 1
    }

    [Fact]
    public void Run_OnAnyAlpha_LeavesItAsItWas()
    {
        using var scope = NewDisposeScope();
        using var networks = new SearchNetworks(SearchFixture.Tiny, 3, 3);
        var before = networks.Parent.Architecture.Alpha(CellKind.Normal).detach().clone();
        using var batch = Labelled(networks.Parent);

        PerturbationSelection.Run(networks.Parent, [batch], _ => { }, CancellationToken.None);

        Assert.Equal(0, (networks.Parent.Architecture.Alpha(CellKind.Normal) - before).abs().max().ToDouble());
    }

    /// <summary>Images with the labels that the supernet gives them, so that it can only lose.</summary>
    private static Batch Labelled(SearchNetworks.Side side)
    {
        random.manual_seed(4);
        using var _ = no_grad();
        var images = randn(32, 3, 8, 8).DetachFromDisposeScope();
        return new Batch(images, side.Logits(images).argmax(1).DetachFromDisposeScope(), 0);
    }
}
