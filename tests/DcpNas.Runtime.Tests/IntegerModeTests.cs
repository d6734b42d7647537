using CsCheck;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>The integer mode: whole numbers from 8-bit pixels to 16-bit results. That it is what docs/model-format.md says: IndependentReaderTests.</summary>
public class IntegerModeTests
{
    private const int Graphs = 150;

    [Fact]
    public void Run_OnEveryInstructionSet_GivesTheSameNumbers()
    {
        var nodes = new List<GraphNode>();
        for (var seed = 0; seed < Graphs; seed++)
        {
            var model = SampleModels.Integer(RandomGraphs.Create(seed), seed);
            AssertSameEverywhere(model, seed);
            nodes.AddRange(model.Graph.Nodes);
        }

        // What the random graphs have reached: every kind of node.
        Assert.All(NodeTypes.Names, type => Assert.True(nodes.Count(node => node.Type == type) >= 3, type));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(36)]
    [InlineData(128)]
    [InlineData(200)]
    public void Run_OfAnyWidth_GivesTheSameNumbersOnEveryInstructionSet(int channels)
    {
        AssertSameEverywhere(SampleModels.Integer(SampleModels.EveryNode(channels, side: 9, channels), channels), channels);
        AssertSameEverywhere(AnyIntegers.Of(SampleModels.EveryNode(channels, side: 7, channels), channels), channels);
    }

    [Fact]
    public void Run_OfNumbersOf8Bits_StaysWithinThemAndGivesTheSameNumbersOnEveryInstructionSet()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = SampleModels.Integer(seed == 0 ? SampleModels.EveryNode() : RandomGraphs.Create(seed), seed, 8);
            AssertSameEverywhere(model, seed);
            var exponents = model.Info.Integers!.Exponents(model.Graph);
            using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer, KeepValues = true });
            runner.Run(new Draw(seed).Pixels((int)model.Graph.Input.Elements));
            foreach (var (value, bits) in model.Info.Integers.Bits(model.Graph).Where(pair => pair.Value == 8))
            {
                var numbers = new float[model.Graph.ShapeOf(value).Elements];
                runner.ReadValue(value, numbers);
                Assert.All(numbers, number => Assert.InRange(Math.ScaleB(number, exponents[value]), -128, 127));
            }

            Assert.All(model.Graph.Outputs, output => Assert.Equal(16, model.Info.Integers.Nodes.GetValueOrDefault(output.Value)?.Bits ?? 16)); // results stay as they are
        }
    }

    [Fact]
    public void Run_OfSumsOf32Bits_GivesTheSameNumbersOnEveryInstructionSet()
    {
        AssertSameEverywhere(SampleModels.Integer(SampleModels.WideSums(1), 1), 1);
        AssertSameEverywhere(AnyIntegers.Of(SampleModels.WideSums(2), 2), 2);
    }

    [Fact]
    public void Run_WithAnyIntegersOfAFile_GivesTheSameNumbersEverywhere() =>
        Gen.Int[0, int.MaxValue].Sample(seed => AssertSameEverywhere(AnyIntegers.Of(RandomGraphs.Create(seed), seed), seed), iter: 100, threads: 1);

    [Fact]
    public void Run_OfANetworkWithoutSigns_IsNearTheExactResults()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = SampleModels.Integer(Smooth(seed), seed);
            var image = new Draw(seed + 500).Pixels((int)model.Graph.Input.Elements);
            using var exact = new PackedRunner(model);
            using var integer = Runner(model);
            exact.Run(image);
            integer.Run(image);

            Assert.All(model.Graph.Outputs, output =>
            {
                var (expected, actual) = (exact.Output(output.Name).ToArray(), integer.Output(output.Name).ToArray());
                var largest = expected.Max(Math.Abs);
                Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -0.02f * largest, 0.02f * largest));
                Assert.NotEqual(expected, actual); // it is another mode
            });
        }
    }

    /// <summary>Node by node: each computes, of the numbers that it is given, what the exact mode computes of them, but for rounding.</summary>
    [Fact]
    public void Run_OfEveryNode_IsTheFunctionOfItsInputsButForRounding()
    {
        var compared = new Dictionary<string, int>();
        for (var seed = 0; seed < 60; seed++)
        {
            var model = SampleModels.Integer(seed == 0 ? SampleModels.WideSums(3) : RandomGraphs.Create(seed), seed);
            var exponents = model.Info.Integers!.Exponents(model.Graph);
            using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer, KeepValues = true });
            runner.Run(new Draw(seed + 1000).Pixels((int)model.Graph.Input.Elements));
            foreach (var node in model.Graph.Nodes)
            {
                double[][] inputs = [.. node.Inputs.Select(Read)];
                var (expected, magnitudes) = NaiveExecutor<double>.Run(node, [.. node.Inputs.Select(model.Graph.ShapeOf)], inputs, model.Graph.ShapeOf(node.Name));
                var actual = Read(node.Name);
                var step = exponents.TryGetValue(node.Name, out var exponent) ? Math.ScaleB(1, -exponent) : 0;
                var largest = magnitudes.Append(0).Max();
                for (var i = 0; i < actual.Length; i++)
                {
                    var saturated = Math.Abs(actual[i]) >= 32767 * step && step > 0;
                    var tolerance = node is ConvolutionNode or LinearNode ? (0.01 * largest) + (2 * step) : node is SignNode ? 0 : (1e-3 * magnitudes[i]) + (3 * step);
                    Assert.True(saturated || Math.Abs(actual[i] - expected[i]) <= tolerance, $"seed {seed}, {node.Type}, element {i}: {actual[i]} for {expected[i]} ± {tolerance}");
                }

                compared[node.Type] = compared.GetValueOrDefault(node.Type) + actual.Length;
            }

            double[] Read(string value)
            {
                var numbers = new float[model.Graph.ShapeOf(value).Elements];
                runner.ReadValue(value, numbers);
                return Array.ConvertAll(numbers, number => (double)number);
            }
        }

        Assert.Equal(NodeTypes.Names.Order(StringComparer.Ordinal), compared.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_OfHandWorkedIntegers_GivesTheNumbersOfTheDefinition()
    {
        var graph = new GraphBuilder(1, 2, 1);
        var stem = graph.Convolution("stem", graph.Image, [0.5f, -1f], [0.25f, 0f], ConvolutionGeometry.Pointwise);
        graph.Output("stem", stem);
        graph.Output("mean", graph.GlobalAverage("mean", stem));
        var plain = graph.Build(new ModelInfo { Producer = "test", Preprocessing = new Preprocessing([0.5], [0.5]) });
        var model = new PackedModel(plain.Graph, plain.Info with
        {
            Integers = new IntegerInfo
            {
                Image = new IntegerImage(14, [16448], [-(1 << 14 << 7) + 64], 7), // pixel 0: (-2097152 + 64) >> 7 = -16384; 255: (4194240 - 2097088) >> 7 = 16384
                Nodes = new Dictionary<string, IntegerNode>
                {
                    ["stem"] = new IntegerLayer(10, 2, new short[] { 100, -127 }, new short[] { 3000, 32767 }, new[] { 1026, 2 }),
                    ["mean"] = new IntegerAverage(10, 1 << 29, 30),
                },
                CalibrationImages = 1,
                Agreement = new(1, 0, null),
            },
        });
        using var runner = Runner(model);

        runner.Run(new byte[] { 0, 255 });

        // Pixel 0: a = -1638400 and 2080768; high = (-1638400 * 3000) >> 16 = -75000 and (2080768 * 32767) >> 16 = 1040352; (-75000 + 1026) >> 2 = -18494 and (1040352 + 2) >> 2 = 260088, limited to 32767.
        // Pixel 255: high = 75000 and -1040353 (rounded down from -1040352.25); 76026 >> 2 = 19006 and -260088, limited to -32768.
        Assert.Equal([-18494, 32767, 19006, -32768], runner.Output("stem").ToArray().Select(value => value * 1024));
        // (512 * 2^29 + 2^29) >> 30 = 256 and (-1 * 2^29 + 2^29) >> 30 = 0: halves are rounded up.
        Assert.Equal([256, 0], runner.Output("mean").ToArray().Select(value => value * 1024));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_WithAnyThreadsBatchAndLayout_GivesTheNumbersOfOneImageAtATime(int threads)
    {
        var model = SampleModels.Integer(SampleModels.EveryNode(seed: 3), 3);
        var size = (int)model.Graph.Input.Elements;
        var images = new Draw(4).Pixels(5 * size);
        using var single = Runner(model);
        List<float> expected = [];
        for (var i = 0; i < 5; i++)
        {
            single.Run(images.AsSpan(i * size, size));
            expected.AddRange(single.Logits);
        }

        using var several = new PackedRunner(model, new PackedRunnerOptions { Threads = threads, Mode = NumericMode.Integer });
        foreach (var count in new[] { 1, 5, 3 })
        {
            several.Run(images.AsSpan(0, count * size));
            Assert.Equal(expected.Take(10 * count), several.Logits.ToArray());
            several.Run(Planes(images.AsSpan(0, count * size), model), PixelLayout.Nchw);
            Assert.Equal(expected.Take(10 * count), several.Logits.ToArray());
        }
    }

    [Fact]
    public void Run_OfNormalisedNumbers_TakesTheNearestPixels()
    {
        var model = SampleModels.Integer(SampleModels.EveryNode(seed: 4), 4);
        var pixels = new Draw(5).Pixels((int)model.Graph.Input.Elements);
        var preprocessing = model.Info.Preprocessing!;
        var table = PixelNormalization.Table(preprocessing.Mean, preprocessing.StandardDeviation);
        float[] numbers = [.. pixels.Select((pixel, i) => table[(256 * (i % 3)) + pixel] + 0.005f)]; // a third of a pixel beside it
        using var one = Runner(model);
        using var other = Runner(model);

        one.Run(pixels);
        other.Run(numbers);

        Assert.Equal(one.Logits.ToArray(), other.Logits.ToArray());
        other.Run([.. Enumerable.Repeat(float.PositiveInfinity, 96), .. Enumerable.Repeat(float.NaN, 96)]);
        one.Run([.. Enumerable.Repeat((byte)255, 96), .. new byte[96]]);
        Assert.Equal(one.Logits.ToArray(), other.Logits.ToArray());
    }

    [Fact]
    public void ReadValue_OfEveryNode_GivesMultiplesOfItsExponentAndTheSameResults()
    {
        var model = SampleModels.Integer(SampleModels.EveryNode(seed: 5), 5);
        var image = new Draw(6).Pixels((int)model.Graph.Input.Elements);
        using var plain = Runner(model);
        using var kept = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer, KeepValues = true });
        plain.Run(image);
        kept.Run(image);

        Assert.Equal(plain.Logits.ToArray(), kept.Logits.ToArray());
        foreach (var (value, exponent) in model.Info.Integers!.Exponents(model.Graph))
        {
            var numbers = new float[model.Graph.ShapeOf(value).Elements];
            kept.ReadValue(value, numbers);
            Assert.All(numbers, number => Assert.True(Math.ScaleB(number, exponent) is >= -32768 and <= 32767 and var whole && whole == Math.Round(whole), value));
        }
    }

    [Fact]
    public void Run_AfterTheFirstCall_AllocatesNothing()
    {
        var model = SampleModels.Integer(SampleModels.EveryNode(seed: 6), 6);
        var images = new Draw(7).Pixels(3 * (int)model.Graph.Input.Elements);
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
    public void Load_OfASavedOrCompactModel_GivesTheSameBits()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = SampleModels.Integer(RandomGraphs.Create(seed), seed);
            var image = new Draw(seed).Pixels((int)model.Graph.Input.Elements);
            using var expected = Runner(model);
            expected.Run(image);
            foreach (var copy in (PackedModel[])[PackedModel.Load(SampleModels.Bytes(model)), model.Compact()])
            {
                Assert.Equal(model.Info.Integers!.Agreement, copy.Info.Integers!.Agreement);
                Assert.Equal(model.Info.Integers.CalibrationImages, copy.Info.Integers.CalibrationImages);
                using var actual = Runner(copy);
                actual.Run(image);
                Assert.All(model.Graph.Outputs, output => Assert.Equal(expected.Output(output.Name).ToArray(), actual.Output(output.Name).ToArray()));
            }
        }
    }

    [Fact]
    public void Finish_OfACalibration_SaysHowNearTheModesAre()
    {
        var plain = SampleModels.EveryNode(seed: 7);
        var others = SampleModels.Normalised(plain, 2, 8);
        using var calibrator = new FixedPointCalibrator(plain, NumericMode.Integer);
        calibrator.Observe(SampleModels.Normalised(plain, 1, 3));
        calibrator.Compare(others, labels: [0, 1, 2, 3, 4, 5, 6, 7]);
        var model = calibrator.Finish();

        var info = model.Info.Integers!;
        Assert.Null(model.Info.FixedPoint);
        Assert.Equal((3, 8), (info.CalibrationImages, info.Agreement.Images));
        using var exact = new PackedRunner(plain);
        using var integer = Runner(model);
        exact.Run(others);
        integer.Run(others);
        var (same, integerRight) = (0, 0);
        for (var image = 0; image < 8; image++)
        {
            int Best(PackedRunner runner) => Array.IndexOf(runner.Logits.Slice(10 * image, 10).ToArray(), runner.Logits.Slice(10 * image, 10).ToArray().Max());
            same += Best(exact) == Best(integer) ? 1 : 0;
            integerRight += Best(integer) == image ? 1 : 0;
        }

        Assert.Equal((same / 8.0, integerRight / 8.0), (info.Agreement.SameClass, info.Agreement.FastTop1));
        Assert.InRange(info.Agreement.RelativeError, 1e-9, 0.5);
        Assert.Contains("integer   integers of 11 nodes; off the exact results by ", model.Describe(), StringComparison.Ordinal);
        Assert.True(model.ImageBytesIn(NumericMode.Integer) < model.ImageBytes);
    }

    [Fact]
    public void Create_WithoutIntegers_IsRefused() => Assert.Equal(
        "The model file holds no integers, so it has no integer mode. Export the network again with --integer, or run the exact mode.",
        Assert.Throws<PackedModelException>(() => Runner(SampleModels.EveryNode())).Message);

    [Fact]
    public void Calibrate_OfAnotherMode_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new FixedPointCalibrator(SampleModels.EveryNode(), NumericMode.Exact));

    [Fact]
    public void Calibrate_OfWhatHasNoIntegers_NamesTheNodeAndTheRemedy()
    {
        const string Remedy = " Change the network there, or export it without --integer.";
        Refused("The model has no preprocessing, so it does not say what 8-bit pixels are, and has no integer mode. Give it a preprocessing, or export it without --integer.",
            new GraphBuilder(1, 1, 1), null, graph => graph.Relu("out", graph.Image));
        Refused("The preprocessing makes numbers of pixels that 16 bits cannot hold, so the model has no integer mode. Check mean and std, or export it without --integer.",
            new GraphBuilder(1, 1, 1), new([0], [1e-12]), graph => graph.Relu("out", graph.Image));
        Refused($"Node 'out' (global_average) cannot be computed in integers: it averages 66049 pixels, and 32 bits hold the sum of 65536.{Remedy}",
            new GraphBuilder(257, 257, 1), new([0.5], [0.5]), graph => graph.GlobalAverage("out", graph.Image));
        Refused($"Node 'out' (sign_weight_convolution) cannot be computed in integers: it sums 32769 numbers, and 32 bits hold 32768.{Remedy}",
            new GraphBuilder(1, 1, 32769), new([.. new double[32769]], [.. Enumerable.Repeat(1.0, 32769)]),
            graph => graph.SignWeightConvolution("out", graph.Image, SignWeights.PackDense(new float[32769], 1, 32769, 1), ConvolutionGeometry.Pointwise));
        Refused($"Node 'out' (convolution) cannot be computed in integers: its numbers were infinite on the calibration images.{Remedy}",
            new GraphBuilder(1, 1, 2), new([0, 0], [1, 1]), graph => graph.Convolution("out", graph.Image, [3e38f, 3e38f], [], ConvolutionGeometry.Pointwise));
        Refused($"Node 'out' (convolution) cannot be computed in integers: its weights or biases are too large for 16-bit numbers.{Remedy}",
            new GraphBuilder(1, 1, 1), new([0], [1]), graph => graph.Convolution("out", graph.Image, [1e30f], [], ConvolutionGeometry.Pointwise));
        Refused($"Node 'out' (affine) cannot be computed in integers: its scales or biases are too large for 16-bit numbers.{Remedy}",
            new GraphBuilder(1, 1, 1), new([0], [1]), graph => graph.Affine("out", graph.Image, [1], [1e30f]));
    }

    private static void Refused(string message, GraphBuilder graph, Preprocessing? preprocessing, Func<GraphBuilder, GraphValue> build)
    {
        graph.Output("out", build(graph));
        var model = graph.Build(new ModelInfo { Producer = "test", Preprocessing = preprocessing });
        using var calibrator = new FixedPointCalibrator(model, NumericMode.Integer);
        var image = Enumerable.Repeat(1f, (int)model.Graph.Input.Elements).ToArray();
        calibrator.Observe(image);
        var error = Assert.Throws<PackedModelException>(() => calibrator.Compare(image));
        Assert.Equal(message, error.Message);
    }

    private static void AssertSameEverywhere(PackedModel model, int seed)
    {
        var image = new Draw(seed).Pixels((int)model.Graph.Input.Elements);
        using var reference = Runner(model, InstructionSet.Scalar);
        reference.Run(image);
        foreach (var set in InstructionSets.Supported)
        {
            using var runner = Runner(model, set);
            runner.Run(image);
            Assert.All(model.Graph.Outputs, output => Assert.Equal(reference.Output(output.Name).ToArray(), runner.Output(output.Name).ToArray()));
        }
    }

    /// <summary>All that computes with numbers, without a sign that could turn a small difference into a large one.</summary>
    private static PackedModel Smooth(int seed)
    {
        var draw = new Draw(seed);
        var channels = draw.Of(5, 48, 66);
        var graph = new GraphBuilder(8, 8, 3);
        var stem = graph.Convolution("stem", graph.Image, draw.Reals(channels * 27), draw.Reals(channels), ConvolutionGeometry.Same(3));
        var depthwise = graph.Convolution("depthwise", stem, draw.Reals(channels * 9), [], ConvolutionGeometry.Same(3), depthwise: true, relu: true);
        var first = graph.Affine("first", depthwise, draw.Reals(channels), draw.Reals(channels), stem, draw.Reals(channels), draw.Reals(channels));
        var signed = graph.SignWeightConvolution("signed", first, SignWeights.PackDense(draw.Reals(channels * channels), channels, channels, 1), ConvolutionGeometry.Pointwise);
        var node = graph.Add("node", signed, graph.MaxPool("max", first, 3, 1, 1));
        var joined = graph.Concat("joined", graph.AveragePool("average", node, 3, 1, 1), graph.Relu("relu", first));
        graph.Output("map", joined);
        graph.Output("out", graph.Linear("head", graph.GlobalAverage("pool", joined), draw.Reals(10 * 2 * channels), draw.Reals(10)));
        return graph.Build(new ModelInfo { Producer = "test", Preprocessing = SampleModels.Info(3, 0).Preprocessing });
    }

    private static byte[] Planes(ReadOnlySpan<byte> images, PackedModel model)
    {
        var (channels, plane) = (model.Graph.Input.Channels, model.Graph.Input.Height * model.Graph.Input.Width);
        var planes = new byte[images.Length];
        for (var i = 0; i < images.Length; i++)
        {
            var (image, place) = (i / (channels * plane), i % (channels * plane));
            planes[(image * channels * plane) + (place % channels * plane) + (place / channels)] = images[i];
        }

        return planes;
    }

    private static PackedRunner Runner(PackedModel model, InstructionSet? set = null) => new(model, new PackedRunnerOptions { Mode = NumericMode.Integer, InstructionSet = set });
}
