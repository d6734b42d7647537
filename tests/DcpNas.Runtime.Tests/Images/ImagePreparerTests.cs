using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Images;

/// <summary>From decoded pixels to those that a model reads. That training sees the same: DcpNas.Tests ImageFilesTests.</summary>
public class ImagePreparerTests
{
    [Fact]
    public void Prepare_WithCrop_ScalesTheShorterSideAndCutsTheCentre()
    {
        var image = new DecodedImage(new Draw(1).Pixels(3 * 60 * 30), 60, 30);
        var expected = new byte[3 * 8 * 8];
        ImageScaler.Scale(image, 24, 12, new ImagePart(8, 2, 8, 8), expected);

        Assert.Equal(expected, new ImagePreparer(Model(new Preprocessing([0, 0, 0], [1, 1, 1], Resize: 12))).Prepare(image));
    }

    [Fact]
    public void Prepare_WithStretchOrForADetector_ScalesEachSide()
    {
        var image = new DecodedImage(new Draw(1).Pixels(3 * 60 * 30), 60, 30);
        var expected = new byte[3 * 8 * 8];
        ImageScaler.Scale(image, 8, 8, new ImagePart(0, 0, 8, 8), expected);

        Assert.Equal(expected, new ImagePreparer(Model(new Preprocessing([0, 0, 0], [1, 1, 1]) { Fit = ImageFit.Stretch })).Prepare(image));
    }

    [Fact]
    public void Prepare_ForAGreyModel_GivesBrightness()
    {
        byte[] pixels = [10, 20, 200, 255, 255, 255];
        var preparer = new ImagePreparer(Model(new Preprocessing([0], [1]), height: 1, width: 2, channels: 1));

        Assert.Equal(2, preparer.Length);
        Assert.Equal([38, 255], preparer.Prepare(new DecodedImage(pixels, 2, 1))); // 2.99 + 11.74 + 22.8 = 37.53
    }

    [Fact]
    public void Prepare_OfAStripThatWouldGrowHuge_IsRefused()
    {
        var preparer = new ImagePreparer(Model(new Preprocessing([0, 0, 0], [1, 1, 1]))) { MostScaledPixels = 100_000 };

        var error = Assert.Throws<ArgumentException>(() => preparer.Prepare(new DecodedImage(new byte[3 * 2000], 2000, 1)));

        Assert.Equal("An image of 2000 x 1 pixels would be scaled to 16000 x 8, more than 100000 pixels. (Parameter 'image')", error.Message);
        Assert.Equal("The destination must hold 192 bytes, got 191. (Parameter 'destination')", Assert.Throws<ArgumentException>(() => preparer.Prepare(new DecodedImage(new byte[3], 1, 1), new byte[191])).Message);
    }

    [Fact]
    public void Create_ForAModelThatReadsNoImages_SaysWhy()
    {
        Assert.Equal(
            "The model does not say how pixels become numbers (preprocessing). Normalise images yourself and run numbers.",
            Assert.Throws<PackedModelException>(() => new ImagePreparer(Model(null))).Message);
        Assert.Equal(
            "The model reads 2 channels, but images have 3 (or 1 as grey).",
            Assert.Throws<PackedModelException>(() => new ImagePreparer(Model(new Preprocessing([0, 0], [1, 1]), channels: 2))).Message);
    }

    private static PackedModel Model(Preprocessing? preprocessing, int height = 8, int width = 8, int channels = 3)
    {
        var graph = new GraphBuilder(height, width, channels);
        graph.Output("map", graph.Relu("relu", graph.Image));
        return graph.Build(new ModelInfo { Producer = "test", Preprocessing = preprocessing });
    }
}
