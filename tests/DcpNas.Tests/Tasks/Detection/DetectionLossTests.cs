using DcpNas.Data.Detection;
using DcpNas.Native;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.Detection;

/// <summary>The loss against a literal implementation in double precision and against finite differences.</summary>
public class DetectionLossTests
{
    private static readonly Anchor[] Anchors = [.. Anchor.OfMap(3, 3, [new(0.3, 0.3), new(0.6, 0.5)])];
    private static readonly DetectorSettings Settings = new();
    private static readonly DetectionTargets Targets = new(
        [[new(1, 10, 10, 40, 45), new(0, 50, 40, 95, 90)], [], [new(0, 5, 60, 60, 110) { Difficult = true }, new(1, 60, 60, 190, 110)]],
        [(100, 100), (100, 100), (200, 120)], [0, 1, 2]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_RandomOutputs_EqualsAReferenceImplementation(bool taught)
    {
        using var scope = NewDisposeScope();
        var (scores, codes) = Draw(7);
        var teacher = taught ? Draw(8) : ((Tensor, Tensor)?)null;
        var options = new DetectionLossOptions { BoxLossWeight = 1.5, NegToPosRatio = 2, DistillationWeight = 0.3, Temperature = 2 };
        var loss = new DetectionLoss(Anchors, Settings, options).Of(scores, codes, Targets, teacher is { } given ? [given.Item1, given.Item2] : null).ToDouble();
        Assert.Equal(Literal(scores, codes, teacher, options), loss, 1e-9);
    }

    [Fact]
    public void Gradient_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var (scores, codes) = Draw(9);
        var teacher = Draw(10);
        var loss = new DetectionLoss(Anchors, Settings, new DetectionLossOptions());
        scores.requires_grad_();
        codes.requires_grad_();
        Autograd.Backward(loss.Of(scores, codes, Targets, [teacher.Scores, teacher.Codes]));
        foreach (var value in (Tensor[])[scores, codes])
        {
            using var _ = no_grad();
            var (gradient, flat) = (value.grad!.reshape(-1), value.detach().view(-1));
            foreach (var at in Enumerable.Range(0, 20).Select(i => i * (int)flat.numel() / 20))
            {
                const double Step = 1e-6;
                var before = flat[at].ToDouble();
                flat[at] = before + Step;
                var above = loss.Of(scores, codes, Targets, [teacher.Scores, teacher.Codes]).ToDouble();
                flat[at] = before - Step;
                var below = loss.Of(scores, codes, Targets, [teacher.Scores, teacher.Codes]).ToDouble();
                flat[at] = before;
                Assert.Equal((above - below) / (2 * Step), gradient[at].ToDouble(), 1e-6);
            }
        }
    }

    [Fact]
    public void Of_ABatchWithoutObjects_IsZeroWithAGradient()
    {
        using var scope = NewDisposeScope();
        var (scores, codes) = Draw(11);
        scores.requires_grad_();
        var loss = new DetectionLoss(Anchors, Settings, new DetectionLossOptions()).Of(scores, codes, new DetectionTargets([[], [], []], Targets.Sizes, [0, 1, 2]), null);
        Assert.Equal(0, loss.ToDouble());
        Autograd.Backward(loss);
        Assert.Equal(0, scores.grad!.abs().max().ToDouble());
    }

    [Fact]
    public void Targets_ThroughTensors_AreTheSameObjects()
    {
        using var scope = NewDisposeScope();
        var batch = new DetectionBatch(new float[3 * 4 * 4 * 3], Targets.Objects, Targets.Sizes, Targets.Indices);
        using var tensors = DetectionTargets.ToTensors(batch, 4, 4, null);
        var again = DetectionTargets.Of(tensors);
        Assert.Equal(Targets.Sizes, again.Sizes);
        Assert.Equal(Targets.Indices, again.Indices);
        for (var image = 0; image < 3; image++)
        {
            Assert.Equal(Targets.Objects[image].Select(one => one with { ObjectArea = one.Area }), again.Objects[image]);
        }
    }

    private static (Tensor Scores, Tensor Codes) Draw(int seed)
    {
        random.manual_seed(seed);
        return (randn([3, Anchors.Length, 3], ScalarType.Float64) * 2, randn([3, Anchors.Length, 4], ScalarType.Float64) * 3);
    }

    private static double Literal(Tensor scores, Tensor codes, (Tensor Scores, Tensor Codes)? teacher, DetectionLossOptions options)
    {
        var (classes, boxes, taughtClasses, taughtBoxes, positives) = (0.0, 0.0, 0.0, 0.0, 0);
        for (var image = 0; image < 3; image++)
        {
            var shares = Targets.Objects[image].Select(one => ShareBox.Of(one, Targets.Sizes[image].Width, Targets.Sizes[image].Height)).ToArray();
            var matches = AnchorMatching.Match([.. Anchors.Select(ShareBox.Of)], Targets.Objects[image], shares, 0.5);
            var learned = new List<(int Anchor, int Label)>();
            for (var a = 0; a < matches.Length; a++)
            {
                if (matches[a] >= 0)
                {
                    positives++;
                    learned.Add((a, Targets.Objects[image][matches[a]].Class + 1));
                    var (x, y, w, h) = BoxCoding.Encode(Anchors[a], shares[matches[a]], Settings);
                    var code = Row(codes, image, a);
                    boxes += Smooth(code[0] - x) + Smooth(code[1] - y) + Smooth(code[2] - w) + Smooth(code[3] - h);
                    taughtBoxes += teacher is { } t ? code.Zip(Row(t.Codes, image, a), (mine, theirs) => Smooth(mine - theirs)).Sum() : 0;
                }
            }

            var most = learned.Count * 2;
            learned.AddRange(Enumerable.Range(0, matches.Length).Where(a => matches[a] == AnchorMatching.Background)
                .OrderByDescending(a => -Math.Log(Softmax(Row(scores, image, a), 1)[0])).Take(most).Select(a => (a, 0)));
            foreach (var (a, label) in learned)
            {
                classes -= Math.Log(Softmax(Row(scores, image, a), 1)[label]);
                if (teacher is { } t)
                {
                    var (p, q) = (Softmax(Row(t.Scores, image, a), options.Temperature), Softmax(Row(scores, image, a), options.Temperature));
                    taughtClasses += p.Zip(q, (one, other) => one * Math.Log(one / other)).Sum() * options.Temperature * options.Temperature;
                }
            }
        }

        var own = (classes + (options.BoxLossWeight * boxes)) / positives;
        return teacher is null ? own : ((1 - options.DistillationWeight) * own) + (options.DistillationWeight * (taughtClasses + (options.BoxLossWeight * taughtBoxes)) / positives);
    }

    private static double[] Row(Tensor values, int image, int anchor) => values[image, anchor].data<double>().ToArray();

    private static double[] Softmax(double[] row, double temperature)
    {
        var sum = row.Sum(value => Math.Exp(value / temperature));
        return [.. row.Select(value => Math.Exp(value / temperature) / sum)];
    }

    private static double Smooth(double x) => Math.Abs(x) < 1 ? 0.5 * x * x : Math.Abs(x) - 0.5;
}
