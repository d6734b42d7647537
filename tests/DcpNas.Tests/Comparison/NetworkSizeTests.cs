using CsCheck;
using DcpNas.Comparison;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Comparison;

public sealed class NetworkSizeTests
{
    [Fact]
    public void Nearest_OfASquareLaw_TakesTheNearerNeighbour()
    {
        // 10^2 = 100, 11^2 = 121: 110 is nearer to 100 (10 away) than to 121 (11 away), 111 nearer to 121.
        Assert.Equal((10, 100.0), (NetworkSize.Nearest(c => c * c, 110).Channels, NetworkSize.Nearest(c => c * c, 110).Ops));
        Assert.Equal(11, NetworkSize.Nearest(c => c * c, 111).Channels);
        Assert.Equal((100.0 / 110) - 1, NetworkSize.Nearest(c => c * c, 110).Deviation, 1e-15);
        Assert.Equal(12, NetworkSize.Nearest(c => c * c, 140, step: 4).Channels);
        Assert.Equal(2, NetworkSize.Nearest(c => c * c, 1).Channels); // no network is smaller
        Assert.Equal(2048, NetworkSize.Nearest(c => c, 1e9).Channels);
    }

    [Fact]
    public void Nearest_OfRandomGenotypes_LeavesNoNearerWidth()
    {
        Gen.Select(Gen.Long.Select(Discretizer.Random), Gen.Double[2e6, 3e7]).Sample(
            (genotype, target) =>
            {
                double Ops(int channels) => GenotypeCost.Report(genotype, new NetworkGeometry { Channels = channels, Cells = 6, InputHeight = 32, InputWidth = 32, Classes = 10, Stem = StemKind.Cifar }).Total.Ops;
                var size = NetworkSize.Nearest(Ops, target);
                Assert.Equal(Ops(size.Channels), size.Ops);
                Assert.Equal(Enumerable.Range(2, 150).MinBy(channels => Math.Abs((Ops(channels) / target) - 1)), size.Channels);
            },
            iter: 20);
    }
}
