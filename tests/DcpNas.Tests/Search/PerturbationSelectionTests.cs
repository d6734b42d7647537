using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>The genotype that the supernet can least do without.</summary>
public class PerturbationSelectionTests
{
    private const string Light = "normal: n2[skip<-0, skip<-1] n3[skip<-0, skip<-1] n4[skip<-0, skip<-1] n5[skip<-0, skip<-1] | reduction: n2[max<-0, max<-1] n3[max<-0, max<-1] n4[max<-0, max<-1] n5[max<-0, max<-1]";

    public PerturbationSelectionTests() => LibTorch.Load();

    [Fact]
    public void Run_OnASupernetTrainedWithPlantedOperations_FindsMostOfThemAndLeavesAlpha()
    {
        using var scope = NewDisposeScope();
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
        var before = side.Architecture.Alpha(CellKind.Normal).detach().clone();
        var calls = 0;

        var genotype = PerturbationSelection.Run(side, images, _ => calls++, CancellationToken.None);

        images.ForEach(batch => batch.Dispose());
        Assert.Equal(PerturbationSelection.Evaluations, calls);
        Assert.True(before.equal(side.Architecture.Alpha(CellKind.Normal)).all().item<bool>(), "alpha must stay as it was");
        var found = genotype.Normal.Edges().Concat(genotype.Reduction.Edges()).Count(edge => edge.Edge.Operation == OperationNames.SepConv3 && edge.Edge.Input < 2);
        Assert.True(found >= 12, $"{found} of 16 planted edges in {genotype}"); // chance: 2 of 7 operations and pairs of places, about 1
    }

    [Fact]
    public void Run_OfASearchWhoseChoiceExceedsTheBudget_SaysThatItIsNotTaken()
    {
        using var folder = new TemporaryFolder();
        var options = SearchFixture.Tiny with { Cells = 1, Strategy = SearchStrategy.Parent, Epochs = 2, EvaluationImages = 8, Selection = GenotypeSelection.Perturbation };
        double least;
        using (var unlimited = new SearchFixture(folder.Path, options))
        {
            least = unlimited.Budget.Table.Discretised(Genotype.Parse(Light)).Ops; // no convolution on any edge
        }

        using var other = new TemporaryFolder();
        using var search = new SearchFixture(other.Path, options with { MaxOps = least * 1.02 });
        var genotype = search.Run();

        Assert.True(search.Budget.Allows(genotype), $"{genotype} exceeds the budget");
        var text = search.EventTexts[search.Events.IndexOf("1 selection")];
        Assert.Contains($"by alpha's size it would be {genotype}. It is not taken, because it exceeds the budget (normal: ", text, StringComparison.Ordinal);
        Assert.EndsWith("): the genotype is that of alpha's size.", text, StringComparison.Ordinal);
    }
}
