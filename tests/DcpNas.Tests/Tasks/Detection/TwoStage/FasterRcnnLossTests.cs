using DcpNas.Native;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.Detection.TwoStage;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.Detection.TwoStage;

/// <summary>The loss of both stages against a literal implementation in double precision and against finite differences.</summary>
public class FasterRcnnLossTests
{
    private const int Classes = 2;
    private static readonly Anchor[] Anchors = [.. Anchor.OfMap(4, 4, [new(0.3, 0.3), new(0.6, 0.5)])];
    private static readonly DetectorSettings Settings = new();
    private static readonly DetectionTargets Targets = new(
        [[new(1, 10, 10, 40, 45), new(0, 50, 40, 95, 90)], [], [new(0, 5, 60, 60, 110) { Difficult = true }, new(1, 60, 60, 190, 110)]],
        [(100, 100), (100, 100), (200, 120)], [0, 1, 2]);

    // Of the last image the first lies on the difficult object and is not learned, the second is an object itself.
    private static readonly Region[] Regions =
    [
        new(0, new ShareBox(0.12, 0.1, 0.4, 0.4)), new(0, new ShareBox(0.4, 0.4, 0.9, 0.9)), new(0, new ShareBox(0.1, 0.6, 0.3, 0.9)), new(1, new ShareBox(0.2, 0.2, 0.5, 0.5)),
        new(2, new ShareBox(0.03, 0.5, 0.3, 0.9)), new(2, new ShareBox(0.3, 0.5, 0.95, 110.0 / 120), IsObject: true),
    ];

    [Fact]
    public void Of_RandomOutputs_EqualsAReferenceImplementation()
    {
        using var scope = NewDisposeScope();
        var options = new FasterRcnnLossOptions { BoxLossWeight = 1.5, RpnFgIouThresh = 0.5 };
        var outputs = Draw(7);
        Assert.Equal(Literal(outputs, options), new FasterRcnnLoss(Anchors, Settings, options).Of(outputs, Targets).ToDouble(), 1e-9);
    }

    [Fact]
    public void Gradient_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var outputs = Draw(9);
        var loss = new FasterRcnnLoss(Anchors, Settings, new FasterRcnnLossOptions { RpnBatchSizePerImage = 12 });
        Tensor[] free = [outputs[0], outputs[1], outputs[3], outputs[4]];
        foreach (var value in free)
        {
            value.requires_grad_();
        }

        Autograd.Backward(Loss());
        foreach (var value in free)
        {
            using var _ = no_grad();
            var (gradient, flat) = (value.grad!.reshape(-1), value.detach().view(-1));
            for (var at = 0; at < flat.numel(); at++)
            {
                const double Step = 1e-6;
                var before = flat[at].ToDouble();
                flat[at] = before + Step;
                var above = Loss().ToDouble();
                flat[at] = before - Step;
                var below = Loss().ToDouble();
                flat[at] = before;
                Assert.Equal((above - below) / (2 * Step), gradient[at].ToDouble(), 1e-6);
            }
        }

        Tensor Loss()
        {
            random.manual_seed(1); // the same anchors each time
            return loss.Of(outputs, Targets);
        }
    }

    [Fact]
    public void Of_ABatchWithoutObjectsAndRegions_LearnsTheBackgroundOfAnchorsAlone()
    {
        using var scope = NewDisposeScope();
        var outputs = Draw(11);
        (outputs[2], outputs[3], outputs[4]) = (Region.ToTensor([]), zeros([0, Classes + 1], ScalarType.Float64), zeros([0, Classes, 4], ScalarType.Float64));
        foreach (var value in (Tensor[])[outputs[0], outputs[1], outputs[3]])
        {
            value.requires_grad_();
        }

        var loss = new FasterRcnnLoss(Anchors, Settings, new FasterRcnnLossOptions()).Of(outputs, new DetectionTargets([[], [], []], Targets.Sizes, [0, 1, 2]));
        Assert.Equal(outputs[0].detach().exp().log1p().mean().ToDouble(), loss.ToDouble(), 1e-9);
        Autograd.Backward(loss);
        Assert.Equal(0, outputs[1].grad!.abs().max().ToDouble());
        Assert.True(outputs[0].grad!.min().ToDouble() > 0);
    }

    private static Tensor[] Draw(int seed)
    {
        random.manual_seed(seed);
        return
        [
            randn([3, Anchors.Length], ScalarType.Float64) * 2, randn([3, Anchors.Length, 4], ScalarType.Float64), Region.ToTensor(Regions),
            randn([Regions.Length, Classes + 1], ScalarType.Float64) * 2, randn([Regions.Length, Classes, 4], ScalarType.Float64) * 3,
        ];
    }

    // Few enough anchors that none is left out by the draw.
    private static double Literal(Tensor[] outputs, FasterRcnnLossOptions options)
    {
        var (anchors, objects, anchorBoxes) = (0, 0.0, 0.0);
        for (var image = 0; image < 3; image++)
        {
            var boxes = Targets.Objects[image].Select(one => ShareBox.Of(one, Targets.Sizes[image].Width, Targets.Sizes[image].Height)).ToArray();
            var matches = AnchorMatching.Match([.. Anchors.Select(ShareBox.Of)], Targets.Objects[image], boxes, new MatchRule(options.RpnFgIouThresh, options.RpnBgIouThresh, true));
            for (var a = 0; a < Anchors.Length; a++)
            {
                if (matches[a] == AnchorMatching.Ignored)
                {
                    continue;
                }

                anchors++;
                var p = 1 / (1 + Math.Exp(-outputs[0][image, a].ToDouble()));
                objects -= Math.Log(matches[a] >= 0 ? p : 1 - p);
                if (matches[a] >= 0)
                {
                    var (anchor, box, code) = (Anchors[a], boxes[matches[a]], outputs[1][image, a].data<double>().ToArray());
                    double[] wanted =
                    [
                        (((box.Left + box.Right) / 2) - anchor.X) / anchor.Width, (((box.Top + box.Bottom) / 2) - anchor.Y) / anchor.Height,
                        Math.Log((box.Right - box.Left) / anchor.Width), Math.Log((box.Bottom - box.Top) / anchor.Height),
                    ];
                    anchorBoxes += code.Zip(wanted, (found, right) => Smooth(found - right, 1.0 / 9)).Sum();
                }
            }
        }

        (int Label, ShareBox? Object)[] learned = // by hand: overlaps of 0.76, 0.69, 0, -, left out, 1
        [
            (2, new ShareBox(0.1, 0.1, 0.4, 0.45)), (1, new ShareBox(0.5, 0.4, 0.95, 0.9)), (0, null), (0, null), (-1, null), (2, new ShareBox(0.3, 0.5, 0.95, 110.0 / 120)),
        ];
        var (kinds, regionBoxes) = (0.0, 0.0);
        for (var r = 0; r < Regions.Length; r++)
        {
            var (label, aim) = learned[r];
            if (label < 0)
            {
                continue;
            }

            var row = outputs[3][r].data<double>().ToArray();
            kinds -= Math.Log(Math.Exp(row[label]) / row.Sum(Math.Exp));
            if (aim is { } box)
            {
                var (region, code) = (Regions[r].Box, outputs[4][r, label - 1].data<double>().ToArray());
                var (w, h) = (region.Right - region.Left, region.Bottom - region.Top);
                double[] wanted =
                [
                    ((box.Left + box.Right) - (region.Left + region.Right)) / 2 / w / 0.1, ((box.Top + box.Bottom) - (region.Top + region.Bottom)) / 2 / h / 0.1,
                    Math.Log((box.Right - box.Left) / w) / 0.2, Math.Log((box.Bottom - box.Top) / h) / 0.2,
                ];
                regionBoxes += code.Zip(wanted, (found, right) => Smooth(found - right, 1)).Sum();
            }
        }

        return ((objects + (options.BoxLossWeight * anchorBoxes)) / anchors) + ((kinds + (options.BoxLossWeight * regionBoxes)) / 5);
    }

    private static double Smooth(double x, double knee) => Math.Abs(x) < knee ? 0.5 * x * x / knee : Math.Abs(x) - (0.5 * knee);
}
