using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Tests.Protocols.ReIdentification;

public sealed class MultiQueryTests
{
    [Fact]
    public void Pool_TakesTheImagesOfIdentityAndCamera()
    {
        var queries = new FeatureSet(new float[] { 9, 9, 7, 7 }, 2, [1, 2], [1, 1]);
        var images = new FeatureSet(new float[] { 0, 3, 2, 1, 50, 50, 60, 60 }, 2, [1, 1, 1, 2], [1, 1, 2, 3]);

        Assert.Equal([1, 2], MultiQuery.Pool(queries, images, QueryPooling.Mean).Feature(0).ToArray());
        Assert.Equal([2, 3], MultiQuery.Pool(queries, images, QueryPooling.Max).Feature(0).ToArray());
        Assert.Equal([7, 7], MultiQuery.Pool(queries, images, QueryPooling.Mean).Feature(1).ToArray());
    }

    [Fact]
    public void Pool_OtherDimensions_SaysBoth() => Assert.Equal(
        "The features of the images to pool must have 1 dimensions like those of the queries, got 2. Compute both with one network.",
        Assert.Throws<InputException>(() => MultiQuery.Pool(new FeatureSet(new float[1], 1, [1], [1]), new FeatureSet(new float[2], 2, [1], [1]), QueryPooling.Max)).Message);
}
