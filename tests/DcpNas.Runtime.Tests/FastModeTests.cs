using CsCheck;
using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Layers.Fixed;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>The fast mode: 16-bit fixed-point numbers between the 1-bit parts.</summary>
public class FastModeTests
{
    private const int Graphs = 150;

    [Fact]
    public void Run_OnEveryInstructionSet_GivesTheSameNumbers()
    {
        var steps = new List<Step>();
        for (var seed = 0; seed < Graphs; seed++)
        {
            var model = SampleModels.Calibrated(RandomGraphs.Create(seed), seed);
            var image = new Draw(seed).Reals((int)model.Graph.Input.Elements);
            using var reference = Runner(model, InstructionSet.Scalar);
            reference.Run(image);
            foreach (var set in InstructionSets.Supported)
            {
                using var runner = Runner(model, set);
                runner.Run(image);
                Assert.All(model.Graph.Outputs, output => AssertSame(reference.Output(output.Name), runner.Output(output.Name)));
            }

            steps.AddRange(new Steps(model.Graph, alone: false, model.Info.FixedPoint).All.Where(step => step.Exponent is not null || step.Node is CastNode));
        }

        // What the random graphs have reached: every kind of fixed-point step.
        Assert.All(
            (Func<Step, bool>[])[
                step => step.Convolution is not null, step => step.Pool is not null, step => step.Affine is not null && step.Convolution is null && step.Pool is null, step => step.Shortcut is not null,
                step => step.Addend is not null, step => step.Signs.Count > 0, step => step.Node is SignNode, step => step.Node is PoolNode && step.Affine is null, step => step.Node is AddNode && step.Affine is null,
                step => step.Node is ConcatNode, step => step.Node is GlobalAverageNode, step => step.Node is CastNode && step.Node.Name.EndsWith(":real", StringComparison.Ordinal),
                step => step.Node is CastNode && step.Node.Name.EndsWith(":fixed", StringComparison.Ordinal)],
            (kind, index) => Assert.True(steps.Count(kind) >= 3, $"kind {index}: only {steps.Count(kind)} steps"));
    }

    [Fact]
    public void Run_OfANetworkWithoutLaterSigns_IsNearTheExactResults()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = SampleModels.Calibrated(Smooth(seed), seed);
            var image = new Draw(seed + 500).Reals((int)model.Graph.Input.Elements);
            using var exact = new PackedRunner(model);
            using var fast = Runner(model);
            exact.Run(image);
            fast.Run(image);

            Assert.All(model.Graph.Outputs, output =>
            {
                var (expected, actual) = (exact.Output(output.Name).ToArray(), fast.Output(output.Name).ToArray());
                var largest = expected.Max(Math.Abs);
                Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -0.002f * largest, 0.002f * largest));
                Assert.NotEqual(expected, actual); // it is another mode
            });
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_WithAnyThreadsAndBatch_GivesTheNumbersOfOneImageAtATime(int threads)
    {
        var model = SampleModels.Calibrated(SampleModels.EveryNode(seed: 3), 3);
        var size = (int)model.Graph.Input.Elements;
        var images = new Draw(4).Reals(5 * size);
        using var single = Runner(model);
        List<float> expected = [];
        for (var i = 0; i < 5; i++)
        {
            single.Run(images.AsSpan(i * size, size));
            expected.AddRange(single.Logits);
        }

        using var several = new PackedRunner(model, new PackedRunnerOptions { Threads = threads, Mode = NumericMode.Fast });
        foreach (var count in new[] { 1, 5, 3 })
        {
            several.Run(images.AsSpan(0, count * size));
            AssertSame(expected.Take(10 * count).ToArray(), several.Logits);
        }
    }

    [Fact]
    public void Run_AfterTheFirstCall_AllocatesNothing()
    {
        var model = SampleModels.Calibrated(SampleModels.EveryNode(seed: 5), 5);
        var images = new Draw(6).Reals(3 * (int)model.Graph.Input.Elements);
        using var runner = Runner(model);
        runner.Run(images);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            runner.Run(images);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Run_WithAnyExponentsOfAFile_GivesTheSameNumbersEverywhere() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var model = SampleModels.WithAnyExponents(RandomGraphs.Create(seed), seed);
        var image = new Draw(seed).Reals((int)model.Graph.Input.Elements);
        using var reference = Runner(model, InstructionSet.Scalar);
        reference.Run(image);
        foreach (var set in InstructionSets.Supported)
        {
            using var runner = Runner(model, set);
            runner.Run(image);
            Assert.All(model.Graph.Outputs, output => AssertSame(reference.Output(output.Name), runner.Output(output.Name)));
        }
    }, iter: 100, threads: 1);

    [Fact]
    public void Finish_OfACalibration_SaysHowNearTheModesAre()
    {
        var plain = SampleModels.EveryNode(seed: 7);
        var size = (int)plain.Graph.Input.Elements;
        var (observed, others) = (new Draw(1).Reals(3 * size), new Draw(2).Reals(8 * size));
        using var calibrator = new FixedPointCalibrator(plain);
        calibrator.Observe(observed);
        calibrator.Compare(others, labels: [0, 1, 2, 3, 4, 5, 6, 7]);
        Assert.Throws<ArgumentException>(() => calibrator.Compare(others, labels: [0, 1]));
        var model = calibrator.Finish();

        var info = model.Info.FixedPoint!;
        Assert.Equal((3, 8), (info.CalibrationImages, info.Agreement.Images));
        using var exact = new PackedRunner(plain);
        using var fast = Runner(model);
        exact.Run(others);
        fast.Run(others);
        var (difference, total, same, exactRight, fastRight) = (0.0, 0.0, 0, 0, 0);
        foreach (var output in new[] { GraphOutput.Embedding, GraphOutput.Logits })
        {
            difference += exact.Output(output).ToArray().Zip(fast.Output(output).ToArray(), (a, b) => Math.Pow((double)a - b, 2)).Sum();
            total += exact.Output(output).ToArray().Sum(a => (double)a * a);
        }

        for (var image = 0; image < 8; image++)
        {
            int Best(PackedRunner runner) => Array.IndexOf(runner.Logits.Slice(10 * image, 10).ToArray(), runner.Logits.Slice(10 * image, 10).ToArray().Max());
            same += Best(exact) == Best(fast) ? 1 : 0;
            exactRight += Best(exact) == image ? 1 : 0;
            fastRight += Best(fast) == image ? 1 : 0;
        }

        Assert.Equal(Math.Sqrt(difference / total), info.Agreement.RelativeError, 1e-12);
        Assert.Equal((same / 8.0, exactRight / 8.0, fastRight / 8.0), (info.Agreement.SameClass, info.Agreement.ExactTop1, info.Agreement.FastTop1));
        Assert.InRange(info.Agreement.RelativeError, 1e-9, 0.5);
    }

    [Fact]
    public void Observe_OfARange_LeavesHeadroomForTwice()
    {
        var graph = new GraphBuilder(1, 1, 2);
        var bits = graph.Sign("sign", graph.Image, [0, 0], [ThresholdRule.Below, ThresholdRule.Below]);
        var sums = graph.BinaryConvolution("sums", bits, SignWeights.PackDense([1f, 1, -1, -1], 2, 2, 1), ConvolutionGeometry.Pointwise);
        graph.Output("out", graph.Affine("affine", sums, [3, 0.5f], [0, 0], null, [0.25f, 0.25f], []));
        using var calibrator = new FixedPointCalibrator(graph.Build(new ModelInfo { Producer = "test" }));
        calibrator.Observe([1, 1]); // sums of 2 and -2: before the slope 6 and -1
        calibrator.Compare([1, 1]);

        var model = calibrator.Finish();

        Assert.Equal(11, Assert.Single(model.Info.FixedPoint!.Exponents).Value); // 2 * 6 * 2^11 = 24576 fits, 2^12 does not
        Assert.Null(model.Info.FixedPoint.Agreement.SameClass);
        using var fast = Runner(model);
        fast.Run([-1f, -1]);
        Assert.Equal([-1.5f, 1], fast.Output("out").ToArray());
    }

    [Fact]
    public void Calibration_OutOfOrder_IsRefused()
    {
        using var calibrator = new FixedPointCalibrator(SampleModels.EveryNode());
        var image = new Draw(1).Reals(192);

        Assert.Throws<InvalidOperationException>(() => calibrator.Compare(image));
        Assert.Throws<InvalidOperationException>(calibrator.Finish);
        Assert.Throws<ArgumentException>(() => calibrator.Observe(image.AsSpan(1)));
        calibrator.Observe(image);
        calibrator.Compare(image);
        Assert.Throws<InvalidOperationException>(() => calibrator.Observe(image));
    }

    [Fact]
    public void Create_WithoutExponentsOrWithKeptValues_IsRefused()
    {
        var plain = SampleModels.EveryNode();

        var error = Assert.Throws<PackedModelException>(() => Runner(plain));
        Assert.Equal("The model file says nothing about fixed-point numbers, so it has no fast mode. Export the network again, or run the exact mode.", error.Message);
        Assert.Throws<ArgumentException>(() => new PackedRunner(SampleModels.Calibrated(plain, 1), new PackedRunnerOptions { Mode = NumericMode.Fast, KeepValues = true }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PackedRunner(plain, new PackedRunnerOptions { Mode = (NumericMode)7 }));
    }

    [Fact]
    public void Load_OfASavedModel_KeepsTheFastModeAndTheExactOne()
    {
        var model = SampleModels.Calibrated(SampleModels.EveryNode(seed: 9), 9);
        var loaded = PackedModel.Load(SampleModels.Bytes(model));
        var image = new Draw(10).Reals(192);

        Assert.Equal(model.Info.FixedPoint!.Exponents, loaded.Info.FixedPoint!.Exponents);
        Assert.Equal(model.Info.FixedPoint.Agreement, loaded.Info.FixedPoint.Agreement);
        Assert.Equal(model.Info.FixedPoint.CalibrationImages, loaded.Info.FixedPoint.CalibrationImages);
        foreach (var mode in (NumericMode[])[NumericMode.Exact, NumericMode.Fast])
        {
            using var before = new PackedRunner(model, new PackedRunnerOptions { Mode = mode });
            using var after = new PackedRunner(loaded, new PackedRunnerOptions { Mode = mode });
            before.Run(image);
            after.Run(image);
            AssertSame(before.Logits, after.Logits);
        }
    }

    /// <summary>1-bit convolutions at the start, then everything that runs on fixed-point numbers, without a sign that could turn a small difference into a large one.</summary>
    private static PackedModel Smooth(int seed)
    {
        var draw = new Draw(seed);
        var channels = draw.Of(5, 48, 66);
        var graph = new GraphBuilder(8, 8, 3);
        var stem = graph.Convolution("stem", graph.Image, draw.Reals(channels * 27), [], ConvolutionGeometry.Same(3));
        var bits = graph.Sign("sign", stem, draw.Reals(channels), draw.Rules(channels));
        var first = graph.Affine("first", Sums("sums1"), draw.Reals(channels), draw.Reals(channels), stem, draw.Reals(channels), draw.Reals(channels));
        var second = graph.Affine("second", Sums("sums2"), draw.Reals(channels), draw.Reals(channels), first);
        var node = graph.Add("node", second, graph.MaxPool("max", first, 3, 1, 1));
        var average = graph.Affine("norm", graph.AveragePool("average", node, 3, 1, 1), draw.Reals(channels), draw.Reals(channels));
        var joined = graph.Concat("joined", average, node, first);
        graph.Output("map", joined);
        graph.Output("mean", graph.GlobalAverage("pool", joined));
        return graph.Build(new ModelInfo { Producer = "test" });

        GraphValue Sums(string name) => graph.BinaryConvolution(name, bits, SignWeights.PackDense(draw.Reals(channels * channels * 9), channels, channels, 3), ConvolutionGeometry.Same(3));
    }

    private static PackedRunner Runner(PackedModel model, InstructionSet? set = null) => new(model, new PackedRunnerOptions { Mode = NumericMode.Fast, InstructionSet = set });

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(actual[i]));
        }
    }
}
