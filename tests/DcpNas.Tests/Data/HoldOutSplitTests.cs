using DcpNas.Data;
using DcpNas.Tests.Training;

namespace DcpNas.Tests.Data;

public class HoldOutSplitTests
{
    [Fact]
    public void Of_AShare_HoldsOutThatShareOfEveryClassAndSharesNoImage()
    {
        var data = new SmallImages(60);
        var split = HoldOutSplit.Of(data, seed: 3, share: 0.2);
        Assert.Equal(Enumerable.Range(0, 60), split.Training.Concat(split.Validation).Order());
        Assert.Equal([4, 4, 4], Enumerable.Range(0, 3).Select(label => split.Validation.Count(i => data.Label(i) == label)));
        Assert.Equal(split.Validation, HoldOutSplit.Of(data, 3, 0.2).Validation);
        Assert.NotEqual(split.Validation, HoldOutSplit.Of(data, 4, 0.2).Validation);
    }

    [Theory]
    [InlineData(6, 0.1)]
    [InlineData(9, 0.2)]
    [InlineData(60, 0.33)]
    public void HeldOf_AClass_IsWhatOfHoldsOut(int images, double share) =>
        Assert.Equal(HoldOutSplit.Of(new SmallImages(images), seed: 1, share).Validation.Count, 3 * HoldOutSplit.HeldOf(images / 3, share));

    [Fact]
    public void Of_TooFewImages_NamesTheClass()
    {
        var error = Assert.Throws<InputException>(() => HoldOutSplit.Of(new SmallImages(60), 0, 0.1, imageLimit: 4));
        Assert.Equal("small stripes: class 'columns' has 1 training image of 4; training needs at least 2, one to learn from and one to hold out. Use more images.", error.Message);
    }
}
