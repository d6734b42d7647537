using DcpNas.Data;
using DcpNas.Data.Detection;

namespace DcpNas.Tests.Data.Detection;

/// <summary>Synthetic scenes, scaling, augmentation and batches.</summary>
public class DetectionImagesTests
{
    [Fact]
    public void Scenes_OfOneSeed_AreTheSameAndTestImagesOthers()
    {
        var (first, second) = (new SyntheticScenes(3, 20, 48, test: false), new SyntheticScenes(3, 20, 48, test: false));
        var other = new SyntheticScenes(3, 20, 48, test: true);
        for (var index = 0; index < 20; index++)
        {
            Assert.Equal(first.Read(index).Pixels, second.Read(index).Pixels);
            Assert.Equal(first.Boxes(index), second.Boxes(index));
            Assert.NotEqual(first.Read(index).Pixels, other.Read(index).Pixels);
            Assert.InRange(first.Boxes(index).Count, 1, 4);
            Assert.All(first.Boxes(index), box => Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= 48, Bottom: <= 48, Width: >= 4, Height: >= 4 }));
        }

        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 20).SelectMany(first.Boxes).Select(box => box.Class).Distinct().Order());
    }

    [Fact]
    public void Scenes_InsideOfTheirBoxes_DifferFromTheGround()
    {
        // Discs cover three quarters of their box: its mean colour stands out from a frame around it.
        var scenes = new SyntheticScenes(5, 60, 64, test: false);
        var (differ, all) = (0, 0);
        for (var index = 0; index < 60; index++)
        {
            var image = scenes.Read(index);
            foreach (var box in scenes.Boxes(index).Where(box => box.Class == 0))
            {
                var inside = Mean(image, box.Left + (box.Width / 4), box.Top + (box.Height / 4), box.Right - (box.Width / 4), box.Bottom - (box.Height / 4));
                var whole = Mean(image, 0, 0, 64, 64);
                all++;
                differ += Math.Abs(inside - whole) > 10 ? 1 : 0;
            }
        }

        Assert.True(all > 15);
        Assert.True(differ >= 0.9 * all, $"only {differ} of {all} discs stand out");
    }

    [Fact]
    public void Scale_ToTheSameSize_ChangesNothing()
    {
        var image = Noise(7, 9, 1);
        Assert.Equal(image.Pixels, ImageScaling.Scale(image, 9, 7));
    }

    [Fact]
    public void Scale_ToHalf_IsAWeightedMeanOfTriangles()
    {
        var image = Noise(8, 8, 2);
        var small = ImageScaling.Scale(image, 4, 4);
        for (var i = 0; i < small.Length; i++)
        {
            var (channel, x, y) = (i % 3, i / 3 % 4, i / 12);
            Assert.Equal(Literal(image, (x + 0.5) * 2, (y + 0.5) * 2, 2, channel), small[i], 1.01); // rounded after the rows and after the columns
        }

        static double Literal(PixelImage image, double x, double y, double support, int channel)
        {
            var (sum, weights) = (0.0, 0.0);
            for (var row = 0; row < image.Height; row++)
            {
                for (var column = 0; column < image.Width; column++)
                {
                    var weight = Math.Max(0, 1 - (Math.Abs(column + 0.5 - x) / support)) * Math.Max(0, 1 - (Math.Abs(row + 0.5 - y) / support));
                    sum += weight * image.Pixels[(3 * ((row * image.Width) + column)) + channel];
                    weights += weight;
                }
            }

            return sum / weights;
        }
    }

    [Fact]
    public void Scale_OfOneColour_KeepsIt()
    {
        var image = new PixelImage(13, 5, [.. Enumerable.Repeat((byte)77, 3 * 13 * 5)]);
        Assert.All(ImageScaling.Scale(image, 31, 9), value => Assert.Equal(77, value));
    }

    [Fact]
    public void Augment_WhateverIsDrawn_MovesBoxesWithTheirPixels()
    {
        // A white rectangle on black: after any change the white pixels fill the box, up to interpolation at its border.
        var options = new BoxAugmentationOptions { PhotometricDistort = false, ZoomOut = 3 };
        var augmenter = new BoxAugmenter(options, new ChannelStatistics([0, 0, 0], [1, 1, 1]), seed: 4);
        var pixels = new byte[3 * 60 * 40];
        var box = new LabelledBox(2, 15, 10, 45, 30);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 3 % 60, i / 180);
            pixels[i] = x is >= 15 and < 45 && y is >= 10 and < 30 ? byte.MaxValue : (byte)0;
        }

        var (result, kinds) = (new float[3 * 50 * 50], new HashSet<int>());
        for (var epoch = 0; epoch < 200; epoch++)
        {
            var moved = Assert.Single(augmenter.Write(new PixelImage(60, 40, pixels), [box], epoch, 0, 50, 50, result));
            var white = result.Where((_, i) => i % 3 == 0).Sum() / 255;
            Assert.Equal(moved.Width * moved.Height, white, tolerance: 1.5 * (moved.Width + moved.Height + 2));
            var (sumX, sumY) = (0.0, 0.0);
            for (var i = 0; i < 2500; i++)
            {
                (sumX, sumY) = (sumX + (result[3 * i] / 255 * ((i % 50) + 0.5)), sumY + (result[3 * i] / 255 * ((i / 50) + 0.5)));
            }

            Assert.Equal((moved.Left + moved.Right) / 2, sumX / white, tolerance: 1);
            Assert.Equal((moved.Top + moved.Bottom) / 2, sumY / white, tolerance: 1);
            kinds.Add((int)moved.Width);
        }

        Assert.True(kinds.Count > 10, "The changes are hardly random.");
    }

    [Fact]
    public void Augment_WithoutOptions_OnlyScales()
    {
        var scenes = new SyntheticScenes(1, 3, 48, test: false);
        var result = new float[3 * 48 * 48];
        var boxes = new BoxAugmenter(BoxAugmentationOptions.None, ChannelStatistics.Identity(3), 0).Write(scenes.Read(1), scenes.Boxes(1), 5, 1, 48, 48, result);
        Assert.Equal(scenes.Read(1).Pixels.Select(value => (float)value), result);
        Assert.Equal(scenes.Boxes(1), boxes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Epoch_WithAnyWorkersAndFromAnyStep_GivesTheSameBatches(int workers)
    {
        var scenes = new SyntheticScenes(2, 22, 32, test: false);
        var options = new DetectionLoaderOptions { BatchSize = 5, Height = 32, Width = 32, Shuffle = true, Augmentation = new(), Statistics = ChannelStatistics.Identity(3), Seed = 9, Workers = workers };
        var expected = new DetectionLoader(scenes, [.. Enumerable.Range(0, 22)], options with { Workers = 0 }).Epoch(3).ToList();
        Assert.Equal(4, expected.Count);
        var loader = new DetectionLoader(scenes, [.. Enumerable.Range(0, 22)], options);
        foreach (var (step, batch) in loader.Epoch(3, firstStep: 1).Index())
        {
            Assert.Equal(expected[step + 1].Indices, batch.Indices);
            Assert.Equal(expected[step + 1].Images, batch.Images);
            Assert.Equal(expected[step + 1].Objects.SelectMany(one => one), batch.Objects.SelectMany(one => one));
        }

        Assert.NotEqual(expected[0].Indices, loader.Epoch(4).First().Indices);
    }

    [Fact]
    public void Png_WithBoxes_IsAPictureOfThatSize()
    {
        var png = BoxPicture.Png(Noise(40, 30, 1), [new("cat 0.9", 0, 5, 5, 20, 20), new("", null, 1, 1, 39, 29)], smallestSide: 120);
        using var folder = new TempFolder();
        var read = ImageScaling.Read(folder.Write(png, "x.png"));
        Assert.Equal((120, 90), (read.Width, read.Height));
        Assert.Contains(Enumerable.Range(0, 120 * 90), at => read.Pixels[3 * at] == 0xFF && read.Pixels[(3 * at) + 1] == 0x4D && read.Pixels[(3 * at) + 2] == 0x4D);
    }

    [Theory]
    [InlineData(100, 60, 0, 0, 100, 60)] // on the border
    [InlineData(100, 60, -20, -10, 130, 90)] // beyond it
    [InlineData(100, 60, 96, 50, 100, 60)] // in a corner
    [InlineData(1400, 900, 0, 0, 1400, 900)] // shrunk
    [InlineData(1400, 900, 700, 401, 1200, 899)]
    public void Png_OfABox_ShowsAllFourEdges(int width, int height, double left, double top, double right, double bottom)
    {
        var black = new PixelImage(width, height, new byte[3 * width * height]);
        using var folder = new TempFolder();
        var read = ImageScaling.Read(folder.Write(BoxPicture.Png(black, [new("", 0, left, top, right, bottom)], largestSide: 320), "x.png"));

        Assert.Equal(Math.Min(320, width), read.Width);
        var scale = (double)read.Width / width;
        var marked = Enumerable.Range(0, read.Width * read.Height).Where(at => read.Pixels[3 * at] == 0xFF && read.Pixels[(3 * at) + 1] == 0x4D).Select(at => (X: at % read.Width, Y: at / read.Width)).ToHashSet();
        int x1 = Place(left, read.Width), x2 = Place(right, read.Width), y1 = Place(top, read.Height), y2 = Place(bottom, read.Height);
        int middleX = (x1 + x2) / 2, middleY = (y1 + y2) / 2;
        foreach (var (x, y) in ((int, int)[])[(x1, middleY), (x2, middleY), (middleX, y1), (middleX, y2)])
        {
            Assert.True(marked.Contains((x, y)) && (marked.Contains((x - 1, y)) || marked.Contains((x, y - 1))), $"({x}, {y}) is no part of a line of two pixels.");
        }

        int Place(double place, int size) => (int)Math.Clamp(Math.Round(place * scale), 1, size - 1);
    }

    [Fact]
    public void Png_WithAName_WritesItInInkOnTheColourOfTheClass()
    {
        Assert.SkipUnless(PictureFont.Exists, $"There is no TrueType font in {string.Join(", ", PictureFont.Folders)}.");
        var white = new PixelImage(100, 60, [.. Enumerable.Repeat(byte.MaxValue, 3 * 100 * 60)]);
        using var folder = new TempFolder();
        var (named, bare) = (Read("named.png", "cat 0.9"), Read("bare.png", ""));
        Assert.InRange(Dark(named), 20, 400);
        Assert.Equal(0, Dark(bare));
        Assert.InRange(Dark(Read("border.png", "cat 0.9", left: 96)), Dark(named) / 2, 400); // moved inside, not cut off

        PixelImage Read(string file, string text, int left = 10) => ImageScaling.Read(folder.Write(BoxPicture.Png(white, [new(text, 0, left, 20, 99, 50)]), file));
        static int Dark(PixelImage image) => Enumerable.Range(0, 100 * 60).Count(at => image.Pixels[3 * at] < 128);
    }

    [Fact]
    public void Open_FoldersWithoutAFont_FindsNone()
    {
        using var folder = new TempFolder();
        folder.Write([1, 2, 3], "broken.ttf");
        Assert.Null(PictureFont.Open([folder.Path, "/nonexistent"]));
    }

    private static PixelImage Noise(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return new PixelImage(width, height, pixels);
    }

    private static double Mean(PixelImage image, double left, double top, double right, double bottom)
    {
        var (sum, count) = (0.0, 0);
        for (var y = (int)top; y < (int)bottom; y++)
        {
            for (var x = (int)left; x < (int)right; x++, count++)
            {
                sum += image.Pixels[3 * ((y * image.Width) + x)];
            }
        }

        return sum / count;
    }
}
