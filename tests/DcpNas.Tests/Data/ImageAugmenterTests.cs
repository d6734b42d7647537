using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class ImageAugmenterTests
{
    private static readonly ChannelStatistics Statistics = new([0.5, 0.25, 0.1], [0.5, 0.2, 0.3]);
    private readonly PatternDataset _data = new(1000, height: 32, width: 32);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_NoAugmentation_Normalises(bool channelsLast)
    {
        var image = Write(AugmentationOptions.None, 0, 7, channelsLast);
        for (var i = 0; i < 3 * 32 * 32; i++)
        {
            var (channel, row, column) = (i / 1024, i / 32 % 32, i % 32);
            var expected = ((PatternDataset.Pixel(7, channel, row, column) / 255.0) - Statistics.Mean[channel]) / Statistics.StandardDeviation[channel];
            Assert.Equal(expected, image[channelsLast ? (((row * 32) + column) * 3) + channel : i], 1e-6);
        }
    }

    [Fact]
    public void Write_EveryChange_EqualsTheDrawByDefinition()
    {
        var options = new AugmentationOptions { CropPadding = 4, HorizontalFlip = true, CutoutLength = 16 };
        var augmenter = new ImageAugmenter(_data, options, Statistics, channelsLast: false, seed: 9);
        var flips = 0;
        for (var index = 0; index < 50; index++)
        {
            var draw = augmenter.DrawFor(3, index);
            flips += draw.Flip ? 1 : 0;
            var image = Write(options, 3, index, channelsLast: false);
            var last = Write(options, 3, index, channelsLast: true);
            for (var i = 0; i < image.Length; i++)
            {
                var (channel, row, column) = (i / 1024, i / 32 % 32, i % 32);
                var cut = row >= draw.CutRow - 8 && row < draw.CutRow + 8 && column >= draw.CutColumn - 8 && column < draw.CutColumn + 8;
                var (sourceRow, sourceColumn) = (row + draw.Top - 4, (draw.Flip ? 31 - column : column) + draw.Left - 4);
                var inside = sourceRow is >= 0 and < 32 && sourceColumn is >= 0 and < 32;
                var pixel = inside ? PatternDataset.Pixel(index, channel, sourceRow, sourceColumn) : 0;
                var expected = cut ? 0 : ((pixel / 255.0) - Statistics.Mean[channel]) / Statistics.StandardDeviation[channel];
                Assert.Equal(expected, image[i], 1e-6);
                Assert.Equal(image[i], last[(((row * 32) + column) * 3) + channel]);
            }
        }

        Assert.InRange(flips, 10, 40);
    }

    [Fact]
    public void DrawFor_ManyImages_IsUniform()
    {
        var augmenter = new ImageAugmenter(_data, AugmentationOptions.Cifar, Statistics, channelsLast: false, seed: 1);
        var draws = Enumerable.Range(0, 81_000).Select(i => augmenter.DrawFor(i / 1000, i % 1000)).ToArray();

        // Bounds are six standard deviations.
        Assert.InRange(draws.Count(draw => draw.Flip), 40_500 - 854, 40_500 + 854);
        var crops = draws.CountBy(draw => (draw.Top, draw.Left)).ToArray();
        Assert.Equal(81, crops.Length);
        Assert.All(crops, crop => Assert.InRange(crop.Value, 1000 - 189, 1000 + 189));
        Assert.Equal(32, draws.Select(draw => draw.CutRow).Distinct().Count());
        Assert.All(draws.CountBy(draw => draw.CutColumn), column => Assert.InRange(column.Value, 2531 - 298, 2531 + 298));
    }

    [Fact]
    public void Write_Cutout_ClearsTheExpectedArea()
    {
        // White images normalise to non-zero values, so zeros are Cutout's. Rows and columns are drawn independently: the expected area is the
        // square of the mean length that lies inside.
        var expected = Enumerable.Range(0, 32).Average(centre => int.Min(centre + 8, 32) - int.Max(centre - 8, 0));
        var options = new AugmentationOptions { CutoutLength = 16 };
        var zeros = 0;
        for (var index = 0; index < 1000; index++)
        {
            zeros += Write(options, 0, index, channelsLast: false, value: 255).Take(1024).Count(value => value == 0);
        }

        Assert.Equal(expected * expected, zeros / 1000.0, 8.0);
    }

    [Fact]
    public void DrawFor_OneOptionSwitchedOff_KeepsTheOtherDraws()
    {
        var all = new ImageAugmenter(_data, AugmentationOptions.Cifar, Statistics, channelsLast: false, seed: 1);
        var some = new ImageAugmenter(_data, AugmentationOptions.Cifar with { HorizontalFlip = false, CutoutLength = 0 }, Statistics, channelsLast: false, seed: 1);
        for (var index = 0; index < 100; index++)
        {
            Assert.Equal(all.DrawFor(2, index) with { Flip = false }, some.DrawFor(2, index));
        }
    }

    [Fact]
    public void Problems_OutOfRange_NamesEveryOption()
    {
        Assert.Equal(
            ["crop_padding must be from 0 to 7 for images of 8 x 9, got 8.", "cutout must be from 0 to 16 for images of 8 x 9, got -1."],
            new AugmentationOptions { CropPadding = 8, CutoutLength = -1 }.Problems(8, 9));
        Assert.Empty(AugmentationOptions.Cifar.Problems(32, 32));
    }

    [Fact]
    public void Measure_KnownPixels_GivesTheirMoments()
    {
        var data = new PatternDataset(40, channels: 2, height: 4, width: 5);
        var measured = ChannelStatistics.Measure(data);
        for (var channel = 0; channel < 2; channel++)
        {
            double[] values = [.. Enumerable.Range(0, 40 * 20).Select(i => PatternDataset.Pixel(i / 20, channel, i / 5 % 4, i % 5) / 255.0)];
            var mean = values.Average();
            Assert.Equal(mean, measured.Mean[channel], 1e-12);
            Assert.Equal(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))), measured.StandardDeviation[channel], 1e-12);
        }
    }

    private float[] Write(AugmentationOptions options, int epoch, int index, bool channelsLast, byte? value = null)
    {
        var pixels = new byte[3 * 32 * 32];
        if (value is null)
        {
            _data.ReadPixels(index, pixels);
        }
        else
        {
            pixels.AsSpan().Fill(value.Value);
        }

        var image = new float[pixels.Length];
        new ImageAugmenter(_data, options, Statistics, channelsLast, seed: 9).Write(pixels, epoch, index, image);
        return image;
    }
}
