using DcpNas.Data;
using DcpNas.Data.ReIdentification;
using DcpNas.Native;
using DcpNas.Tasks.ReIdentification;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.ReIdentification;

/// <summary>Batches of persons: balance, split, roles.</summary>
public class PersonDataTests
{
    private static readonly PersonDatasetOptions Small = new() { Height = 32, Width = 16, SyntheticIdentities = 12, SyntheticTestIdentities = 5 };

    public PersonDataTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    [Fact]
    public void Of_EveryEpoch_GivesPPersonsWithKImagesAndSeesImagesEquallyOften()
    {
        var images = new SyntheticPersons(Small, SyntheticPart.Train); // 12 persons of 12 images
        int[] all = [.. Enumerable.Range(0, images.Count)];
        var order = new PersonBatchOrder(images, all, 5, 4, seed: 3);
        Assert.Equal(images.Count / 20 * 20, order.Count);
        var seen = new int[images.Count];
        foreach (var epoch in Enumerable.Range(0, 6))
        {
            var indices = order.Of(epoch);
            Assert.Equal(order.Count, indices.Length);
            Assert.All(indices.Chunk(20), batch =>
            {
                Assert.Equal(5, batch.Select(images.Label).Distinct().Count());
                Assert.All(batch.GroupBy(images.Label), person => Assert.Equal(4, person.Count()));
            });
            Assert.InRange(indices.GroupBy(images.Label).Max(person => person.Count()) - indices.GroupBy(images.Label).Min(person => person.Count()), 0, 4);
            Assert.All(indices.GroupBy(images.Label), person => Assert.InRange(person.GroupBy(index => index).Max(one => one.Count()), 1, 2));
            Array.ForEach(indices, index => seen[index]++);
        }

        Assert.InRange(seen.Min(), 1, 6);
        Assert.Equal(order.Of(2), new PersonBatchOrder(images, all, 5, 4, seed: 3).Of(2));
        Assert.NotEqual(order.Of(2), order.Of(3));
    }

    [Fact]
    public void Of_PersonsWithFewImages_RepeatsThem()
    {
        var images = new SyntheticPersons(Small, SyntheticPart.Query); // 5 persons of 4 images
        int[] some = [0, 4, 5, 8, 9, 10];
        var indices = new PersonBatchOrder(images, some, 3, 4, seed: 0).Of(0);
        Assert.Equal(12, indices.Length);
        Assert.Equal(4, indices.Count(index => index == 0));
        Assert.Equal([2, 2], indices.Where(index => images.Label(index) == 1).GroupBy(index => index).Select(one => one.Count()));
    }

    [Fact]
    public void Split_OfPersons_SharesNobodyAndLabelsWithoutGaps()
    {
        var images = new SyntheticPersons(Small, SyntheticPart.Train);
        var split = PersonSplit.Of(images, seed: 1, share: 0.25);
        int[] learned = [.. split.Training.Select(images.Label).Distinct()], held = [.. split.Validation.Select(images.Label).Distinct()];
        Assert.Equal((9, 3), (learned.Length, held.Length));
        Assert.Empty(learned.Intersect(held));
        Assert.Equal(images.Count, split.Training.Count + split.Validation.Count);
        Assert.Equal(Enumerable.Range(0, 9), split.Training.Select(index => split.Labels[images.Label(index)]).Distinct().Order());
        Assert.NotEqual(split.Validation, PersonSplit.Of(images, seed: 2, share: 0.25).Validation);
    }

    [Fact]
    public void Batches_OfEachPart_HoldTheirTargets()
    {
        using var scope = NewDisposeScope();
        var dataset = PersonDatasetCatalog.Open(PersonDatasetNames.Synthetic, null, Small);
        var options = new ReIdentificationDataOptions(new() { BatchSize = 16, Workers = 0, Seed = 1, ValidationShare = 0.25 });
        using var data = new ReIdentificationData(dataset, options);
        foreach (var batch in data.Training(0))
        {
            using (batch)
            {
                Assert.Equal(4, batch.Targets[0].data<long>().ToArray().GroupBy(label => label).Count(person => person.Count() == 4));
            }
        }

        var roles = new List<long>();
        foreach (var batch in data.Validation())
        {
            using (batch)
            {
                Assert.Equal(3, batch.Targets.Count);
                roles.AddRange(batch.Targets[2].data<long>().ToArray());
            }
        }

        Assert.Equal(3 * SyntheticPersons.Cameras, roles.Count(role => role == (long)PersonRole.Both));
        Assert.Equal(data.Split.Validation.Count, roles.Count);
        var (queries, gallery) = (0L, 0L);
        foreach (var batch in data.Test())
        {
            using (batch)
            {
                queries += batch.Targets[2].data<long>().ToArray().Count(role => role == (long)PersonRole.Query);
                gallery += batch.Targets[2].data<long>().ToArray().Count(role => role == (long)PersonRole.Gallery);
            }
        }

        Assert.Equal((dataset.Query.Count, dataset.Gallery.Count), (queries, gallery));
    }

    [Fact]
    public void Erasing_OfAnImage_ClearsOneRectangleOfAllowedSizeAndNothingElse()
    {
        var images = new SyntheticPersons(Small, SyntheticPart.Train);
        int[] all = [.. Enumerable.Range(0, 60)];
        var plain = Load(0);
        var erased = Load(1);
        var area = images.Height * images.Width;
        for (var image = 0; image < all.Length; image++)
        {
            var changed = Enumerable.Range(0, area).Where(at => Enumerable.Range(0, 3).Any(channel => plain[image][(channel * area) + at] != erased[image][(channel * area) + at])).ToList();
            Assert.All(changed, at => Assert.All(Enumerable.Range(0, 3), channel => Assert.Equal(0, erased[image][(channel * area) + at])));
            var (rows, columns) = (changed.Max(at => at / images.Width) - changed.Min(at => at / images.Width) + 1, changed.Max(at => at % images.Width) - changed.Min(at => at % images.Width) + 1);
            Assert.InRange(changed.Count, 0.9 * rows * columns, rows * columns); // a pixel may have been of the mean colour before
            Assert.InRange(rows * columns, 0.01 * area, 0.5 * area);
        }

        float[][] Load(double probability)
        {
            using var loader = new BatchLoader(images, all, new BatchLoaderOptions
            {
                BatchSize = 60,
                Workers = 0,
                Statistics = new ChannelStatistics([0.5, 0.5, 0.5], [0.2, 0.2, 0.2]),
                Augmentation = new AugmentationOptions { RandomErase = probability },
            });
            using var batch = loader.Epoch(0).Single();
            return [.. batch.Images.data<float>().ToArray().Chunk(3 * images.Height * images.Width)];
        }
    }
}
