using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Runs;

namespace DcpNas.Tests.Search;

/// <summary>The genotype that the shared weights prefer.</summary>
public class SampledSelectionTests
{
    [Fact]
    public void Run_OnATrainedChild_RanksDistinctGenotypesByCrossEntropyWithAlphasOwnAmongThem()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Epochs = 2, WarmupShare = 0 });
        search.Run();
        var images = search.Data.Evaluation().ToList();
        var own = search.Networks.Child.Architecture.Discretize();

        var ranked = Select(24, seed: 1);

        Assert.Equal(24, ranked.Select(candidate => candidate.Genotype).Distinct().Count());
        Assert.Equal(ranked.OrderBy(candidate => candidate.Score.CrossEntropy), ranked);
        Assert.Contains(ranked, candidate => candidate.Genotype.Equals(own));
        Assert.Equal(SharedWeightScore.Of(search.Networks.Child.Network, ranked[0].Genotype, images), ranked[0].Score);
        Assert.Equal(ranked, Select(24, seed: 1));
        Assert.NotEqual(ranked, Select(24, seed: 2));
        // The best is at least as good as alpha's own, and half of the candidates are changes of one edge of another one.
        Assert.True(ranked[0].Score.CrossEntropy <= ranked.First(candidate => candidate.Genotype.Equals(own)).Score.CrossEntropy);
        var changed = ranked.Count(candidate => ranked.Any(other => SharedEdges(candidate.Genotype, other.Genotype) == 15)); // of 16
        Assert.InRange(changed, 12, 24);

        // By the discrepancy: all are drawn, and each has the Parent's score of the same images.
        var discrepant = Select(24, seed: 1, SelectionScore.Discrepancy);
        Assert.Equal(discrepant.OrderBy(candidate => candidate.Score.CrossEntropy - candidate.Parent!.CrossEntropy), discrepant);
        Assert.Equal(SharedWeightScore.Of(search.Networks.Parent.Network, discrepant[0].Genotype, images), discrepant[0].Parent);
        Assert.NotEqual(ranked.Select(candidate => candidate.Genotype), discrepant.Select(candidate => candidate.Genotype));
        Assert.InRange(discrepant.Count(candidate => discrepant.Any(other => SharedEdges(candidate.Genotype, other.Genotype) == 15)), 0, 4);
        images.ForEach(batch => batch.Dispose());

        static int SharedEdges(Genotype a, Genotype b) =>
            a.Normal.Edges().Intersect(b.Normal.Edges()).Count() + a.Reduction.Edges().Intersect(b.Reduction.Edges()).Count();

        IReadOnlyList<ScoredGenotype> Select(int candidates, long seed, SelectionScore score = SelectionScore.Loss) =>
            SampledSelection.Run(search.Networks.Child, own, search.Budget, genotype => ScoredGenotype.Of(search.Networks, genotype, images, SearchPhase.Child, score), changes: score == SelectionScore.Loss, candidates, seed, _ => { }, CancellationToken.None);
    }

    [Fact]
    public void Run_OfTheWholeSearch_TakesTheBestAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Epochs = 2, WarmupShare = 0, Selection = GenotypeSelection.Sampled, SelectionCandidates = 8 });

        search.Run();

        Assert.Contains("1 selection", search.Events);
        Assert.StartsWith("Of 8 genotypes scored with the shared weights the best has cross entropy", search.EventTexts.Last(), StringComparison.Ordinal);
    }
}
