using DcpNas.Data;
using DcpNas.Tasks.Classification;
using static TorchSharp.torch;

namespace DcpNas.Tests.Data;

public class ImageSizeNoteTests
{
    private static readonly SyntheticDataset Images = new(seed: 0, count: 20, test: false);

    [Fact]
    public void Of_SyntheticImagesInAnotherSize_SaysThatNothingIsScaled() => Assert.Equal(
        "image_size 16 has no effect: only images of a folder are scaled, those of synthetic shapes stay 32 x 32.", ImageSizeNote.Of(DatasetNames.Synthetic, 16, 32, Images));

    [Theory]
    [InlineData(DatasetNames.Folder, 16, 32)] // scaled
    [InlineData("mnist", 64, 64)] // nobody asked
    [InlineData(DatasetNames.Synthetic, 32, 64)] // their own size
    public void Of_ASizeThatIsKeptOrTheDefault_SaysNothing(string dataset, int asked, int usual) => Assert.Null(ImageSizeNote.Of(dataset, asked, usual, Images));

    [Fact]
    public void Bind_OfATrainingInAnotherSize_Warns()
    {
        DcpNas.Native.LibTorch.Load();
        var options = new TrainOptions { TrainImages = 60, TestImages = 20, BatchSize = 8, ImageSize = 16 };
        Assert.Contains("image_size 16 has no effect", Assert.Single(options.Bind(CPU).Warnings), StringComparison.Ordinal);
        Assert.Empty((options with { ImageSize = 32 }).Bind(CPU).Warnings);
    }
}
