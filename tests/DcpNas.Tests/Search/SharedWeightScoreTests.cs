using DcpNas.Search;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>Scores of discrete networks with shared weights.</summary>
public class SharedWeightScoreTests
{
    [Fact]
    public void Of_Batches_IsTheMeanOverTheirImages()
    {
        var folder = Directory.CreateTempSubdirectory("dcpnas-score").FullName;
        using var search = new SearchFixture(folder);
        var batches = search.Data.Evaluation().ToList();
        var genotype = Discretizer.Random(3);

        var score = SharedWeightScore.Of(search.Networks.Child.Network, genotype, batches);

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (images, correct, loss) = (0L, 0L, 0.0);
        foreach (var batch in batches)
        {
            var logits = search.Networks.Child.Network.Logits(batch.Images, genotype);
            var probabilities = logits.softmax(1);
            var labels = batch.Labels.data<long>().ToArray();
            for (var i = 0; i < labels.Length; i++)
            {
                var row = probabilities[i].data<float>().ToArray();
                correct += Array.IndexOf(row, row.Max()) == labels[i] ? 1 : 0;
                loss -= Math.Log(row[labels[i]]);
                images++;
            }

            batch.Dispose();
        }

        Assert.Equal(images, score.Images);
        Assert.Equal((double)correct / images, score.Top1);
        Assert.Equal(loss / images, score.CrossEntropy, 1e-5);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Of_TwoSupernets_IsTheMeanOfEachOnEverySecondBatch()
    {
        var folder = Directory.CreateTempSubdirectory("dcpnas-score").FullName;
        using var search = new SearchFixture(folder, SearchFixture.Tiny with { EvaluationImages = 3 * SearchFixture.Tiny.BatchSize });
        using var other = new SearchFixture(Path.Combine(folder, "other"), SearchFixture.Tiny with { Seed = 9 });
        var batches = search.Data.Evaluation().ToList();
        var genotype = Discretizer.Random(3);
        Assert.Equal(3, batches.Count);

        var score = SharedWeightScore.Of([search.Networks.Child.Network, other.Networks.Child.Network], genotype, batches);

        var first = SharedWeightScore.Of(search.Networks.Child.Network, genotype, [batches[0], batches[2]]);
        var second = SharedWeightScore.Of(other.Networks.Child.Network, genotype, [batches[1]]);
        Assert.Equal(first.Images + second.Images, score.Images);
        Assert.Equal(((2 * first.CrossEntropy) + second.CrossEntropy) / 3, score.CrossEntropy, 1e-9);
        Assert.Equal(((2 * first.Top1) + second.Top1) / 3, score.Top1, 1e-9);
        Assert.NotEqual(SharedWeightScore.Of(search.Networks.Child.Network, genotype, batches).CrossEntropy, score.CrossEntropy);
        batches.ForEach(batch => batch.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Of_NoBatches_SaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("dcpnas-score").FullName;
        using var search = new SearchFixture(folder);

        var error = Assert.Throws<ArgumentException>(() => SharedWeightScore.Of(search.Networks.Parent.Network, Discretizer.Random(3), []));

        Assert.StartsWith("batches must hold at least one batch for each of the supernets (1, at least one), got 0.", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
