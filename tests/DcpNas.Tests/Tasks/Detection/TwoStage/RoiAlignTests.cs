using DcpNas.Native;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.Detection.TwoStage;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.Detection.TwoStage;

/// <summary>RoIAlign against the loops of its definition and against finite differences, in float64.</summary>
public class RoiAlignTests
{
    // Inside, over every border, far outside, of no width, of no size, the whole image; of three images, not in their order.
    private static readonly Region[] Regions =
    [
        new(1, new ShareBox(0.1, 0.2, 0.6, 0.9)), new(0, new ShareBox(-0.3, -0.2, 0.5, 0.4)), new(2, new ShareBox(0.7, 0.6, 1.4, 1.3)), new(0, new ShareBox(1.5, 1.5, 1.9, 1.8)),
        new(0, new ShareBox(0.4, 0.1, 0.4, 0.8)), new(2, new ShareBox(0.55, 0.35, 0.55, 0.35)), new(1, new ShareBox(0, 0, 1, 1)), new(0, new ShareBox(0.95, 0.93, 0.99, 1)),
    ];

    [Theory]
    [InlineData(7, 9, 7, 2)]
    [InlineData(6, 5, 3, 1)]
    [InlineData(2, 3, 4, 3)]
    [InlineData(1, 1, 2, 2)]
    public void Of_AnyRegions_EqualsTheLoopsOfItsDefinition(int height, int width, int size, int samples)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var map = randn([3, 4, height, width], ScalarType.Float64);
        var found = RoiAlign.Of(map, Regions, size, samples);
        Assert.Equal([Regions.Length, 4, size, size], found.shape);
        var expected = Literal(map, Regions, size, samples);
        Assert.InRange((found - expected).abs().max().ToDouble(), 0, 1e-12);
        if (height > 5)
        {
            Assert.Equal(0, found[3].abs().max().ToDouble()); // wholly outside
            Assert.True(found[1].abs().max().ToDouble() > 0);
        }

        var dense = map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2); // channels-last memory, as the fast operators leave it
        Assert.InRange((RoiAlign.Of(dense, Regions, size, samples) - expected).abs().max().ToDouble(), 0, 1e-12);
    }

    [Fact]
    public void Gradient_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var map = randn([3, 2, 5, 6], ScalarType.Float64);
        var weights = randn([Regions.Length, 2, 3, 3], ScalarType.Float64);
        map.requires_grad_();
        Autograd.Backward(Loss(map));
        using var _ = no_grad();
        var (gradient, flat) = (map.grad!.reshape(-1), map.detach().view(-1));
        for (var at = 0; at < flat.numel(); at++)
        {
            const double Step = 1e-5;
            var before = flat[at].ToDouble();
            flat[at] = before + Step;
            var above = Loss(map).ToDouble();
            flat[at] = before - Step;
            var below = Loss(map).ToDouble();
            flat[at] = before;
            Assert.Equal((above - below) / (2 * Step), gradient[at].ToDouble(), 1e-7);
        }

        Tensor Loss(Tensor value) => (RoiAlign.Of(value, Regions, 3, 2).pow(2) * weights).sum(); // a square: else the differences would not depend on the map
    }

    [Fact]
    public void OfLevels_EachRegion_IsCutFromItsMap()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        Tensor[] maps = [randn([3, 2, 8, 8], ScalarType.Float64), randn([3, 2, 4, 4], ScalarType.Float64), randn([3, 2, 2, 2], ScalarType.Float64)];
        int[] levels = [2, 0, 0, 1, 2, 0, 1, 0];
        var found = RoiAlign.OfLevels(maps, Regions, levels, 3, 2);
        for (var i = 0; i < Regions.Length; i++)
        {
            Assert.InRange((found[i] - Literal(maps[levels[i]], [Regions[i]], 3, 2)[0]).abs().max().ToDouble(), 0, 1e-12);
        }
    }

    [Fact]
    public void Of_NoRegion_IsEmpty()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 4, 7, 7], RoiAlign.OfLevels([zeros(2, 4, 8, 8)], [], [], 7, 2).shape);
    }

    /// <summary>As Mask R-CNN tells it, point by point: Detectron2's rules of the border, aligned = true.</summary>
    private static Tensor Literal(Tensor map, Region[] regions, int size, int samples)
    {
        var (channels, height, width) = ((int)map.shape[1], (int)map.shape[2], (int)map.shape[3]);
        var result = new double[regions.Length, channels, size, size];
        for (var r = 0; r < regions.Length; r++)
        {
            var (image, box) = (regions[r].Image, regions[r].Box);
            var (left, top) = ((box.Left * width) - 0.5, (box.Top * height) - 0.5);
            var (binWidth, binHeight) = ((box.Right - box.Left) * width / size, (box.Bottom - box.Top) * height / size);
            for (var c = 0; c < channels; c++)
            {
                for (var i = 0; i < size; i++)
                {
                    for (var j = 0; j < size; j++)
                    {
                        var sum = 0.0;
                        for (var p = 0; p < samples; p++)
                        {
                            for (var q = 0; q < samples; q++)
                            {
                                sum += Bilinear(image, c, top + (i * binHeight) + ((p + 0.5) * binHeight / samples), left + (j * binWidth) + ((q + 0.5) * binWidth / samples));
                            }
                        }

                        result[r, c, i, j] = sum / (samples * samples);
                    }
                }
            }
        }

        return tensor(result);

        double Bilinear(int image, int channel, double y, double x)
        {
            if (y < -1 || y > height || x < -1 || x > width)
            {
                return 0;
            }

            var ((y0, y1, fy), (x0, x1, fx)) = (Neighbours(y, height), Neighbours(x, width));
            double At(int row, int column) => map[image, channel, row, column].ToDouble();
            return ((1 - fy) * (1 - fx) * At(y0, x0)) + ((1 - fy) * fx * At(y0, x1)) + (fy * (1 - fx) * At(y1, x0)) + (fy * fx * At(y1, x1));
        }

        static (int Low, int High, double Share) Neighbours(double at, int length)
        {
            at = Math.Max(at, 0);
            var low = (int)at;
            return low >= length - 1 ? (length - 1, length - 1, 0) : (low, low + 1, at - low);
        }
    }
}
