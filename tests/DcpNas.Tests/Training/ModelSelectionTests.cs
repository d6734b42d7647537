using DcpNas.Tasks;
using DcpNas.Training;

namespace DcpNas.Tests.Training;

public class ModelSelectionTests
{
    [Theory]
    [InlineData(0.9, 0.5, 0.8, 0.1, true)]
    [InlineData(0.8, 0.1, 0.9, 0.5, false)]
    [InlineData(1.0, 0.003, 1.0, 0.35, true)]
    [InlineData(1.0, 0.35, 1.0, 0.003, false)]
    [InlineData(1.0, 0.35, 1.0, 0.35, false)]
    [InlineData(0.0, null, 0.0, null, true)]
    [InlineData(0.5, 0.2, 0.5, null, true)]
    [InlineData(0.0, 2.0, -1.0, null, true)]
    public void IsBetter_TakesTheValueThenTheLossThenTheLater(double value, double? loss, double best, double? bestLoss, bool expected) =>
        Assert.Equal(expected, ModelSelection.IsBetter(value, loss, best, bestLoss));

    [Fact]
    public void Warning_OfFewImages_SaysHowManyAndWhatHelps()
    {
        Assert.Equal(
            "Only 24 validation images select the best network: each is worth 4.2 percentage points, so that chance decides between good epochs. "
            + "Hold more images out (validation_share 0.41 for 100), or use more images.",
            ModelSelection.Warning(new TaskImageCounts(220, 24, 153, 153)));
        Assert.Equal(
            "Only 1 validation image selects the best network: each is worth 100 percentage points, so that chance decides between good epochs. Use more images.",
            ModelSelection.Warning(new TaskImageCounts(9, 1, 5, 5)));
        Assert.Null(ModelSelection.Warning(new TaskImageCounts(900, 100, 5, 5)));
    }
}
