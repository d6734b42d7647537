using DcpNas.Search;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

public class SearchDataTests
{
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
