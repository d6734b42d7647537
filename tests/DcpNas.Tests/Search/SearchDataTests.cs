using DcpNas.Search;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

public class SearchDataTests
{
    [Fact]
    public void Steps_WithAnInterval_BringImagesOfAlphaToEveryThirdStepWhereverTheyBegin()
    {
        using var scope = NewDisposeScope();
        using var data = new SearchData(TinyDataset.Pair(40, byClass: false), SearchFixture.Tiny with { TrainImages = null, BatchSize = 2, AlphaInterval = 3 }, CPU);
        var epoch = new SearchEpoch(0, 0, SearchPhase.Child, BeginsPhase: true, EndsPhase: true, StepsArchitecture: true);

        var all = Sums(0);

        Assert.Equal([0, 3, 6, 9], Enumerable.Range(0, 10).Where(step => all[step] is not null));
        Assert.Equal(4, all.OfType<float>().Distinct().Count());
        Assert.Equal(all.Skip(4), Sums(4));
        Assert.Equal(all.Skip(6), Sums(6));
        Assert.All(Sums(0, epoch with { StepsArchitecture = false }), Assert.Null);

        List<float?> Sums(int first, SearchEpoch? other = null) => [.. data.Steps(other ?? epoch, first).Select(batch =>
        {
            using var taken = batch;
            return batch.Architecture?[0].Images.sum().item<float>();
        })];
    }

    [Fact]
    public void Evaluation_OfImagesThatLieClassByClass_HasAllClassesInEveryBatch()
    {
        // Supernets normalise by the statistics of the batch: in a batch of one class, what tells classes apart is gone.
        using var scope = NewDisposeScope();
        using var data = new SearchData(TinyDataset.Pair(300, byClass: true), SearchFixture.Tiny with { TrainImages = null, BatchSize = 25, EvaluationImages = 100 }, CPU);

        var labels = Labels();

        Assert.Equal(4, labels.Count);
        Assert.All(labels, batch => Assert.Equal(3, batch.Distinct().Count()));
        Assert.Equal(labels, Labels());

        List<long[]> Labels() => [.. data.Evaluation().Select(batch =>
        {
            using var taken = batch;
            return batch.Labels.data<long>().ToArray();
        })];
    }
}
