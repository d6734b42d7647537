using CsCheck;
using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

public class PackedRunnerTests
{
    private const int Graphs = 120;

    [Fact]
    public void Run_OnRandomGraphs_EqualsTheFormatBitForBitAndTheTruthClosely() => Gen.Int[0, int.MaxValue].Sample(CompareNodeByNode, iter: Graphs, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_OnANetworkOfEveryNode_EqualsTheFormatBitForBitAndTheTruthClosely(int seed) => CompareNodeByNode(SampleModels.EveryNode(seed), seed);

    [Fact]
    public void Run_WithSharedBuffersAndFusedNodes_EqualsKeptValues()
    {
        var steps = Enumerable.Range(0, 2 * Graphs).SelectMany(seed => CompareSharedWithKept(seed)).ToList(); // fixed, so that the counts are

        Assert.All(
            new[] { steps.Sum(step => step.Signs.Count), steps.Count(step => step.Convolution is not null), steps.Count(step => step.Pool is not null), steps.Count(step => step.Addend is not null) },
            count => Assert.True(count >= 5, $"only {count} signs, convolutions, pools or sums were fused"));
    }

    [Fact]
    public void Run_OnEveryInstructionSet_GivesTheSameBits() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var model = RandomGraphs.Create(seed);
        var image = new Draw(seed).Reals((int)model.Graph.Input.Elements);
        using var reference = new PackedRunner(model, new PackedRunnerOptions { InstructionSet = InstructionSet.Scalar });
        reference.Run(image);
        foreach (var set in InstructionSets.Supported)
        {
            using var runner = new PackedRunner(model, new PackedRunnerOptions { InstructionSet = set });
            runner.Run(image);
            Assert.All(model.Graph.Outputs, output => AssertSame(reference.Output(output.Name), runner.Output(output.Name)));
        }
    }, iter: Graphs, threads: 1);

    [Fact]
    public void Create_ForInstructionsThatThisProcessorLacks_IsRefused()
    {
        var missing = Enum.GetValues<InstructionSet>().Except(InstructionSets.Supported).Cast<InstructionSet?>().FirstOrDefault();
        Assert.SkipWhen(missing is null, "This processor has every instruction set.");

        Assert.Throws<PlatformNotSupportedException>(() => new PackedRunner(SampleModels.EveryNode(), new PackedRunnerOptions { InstructionSet = missing }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Run_WithAnyThreadsAndBatch_GivesTheBitsOfOneImageAtATime(int threads)
    {
        var model = SampleModels.EveryNode(seed: 3);
        var size = (int)model.Graph.Input.Elements;
        var images = new Draw(4).Reals(5 * size);
        using var single = new PackedRunner(model);
        List<float> expected = [];
        for (var i = 0; i < 5; i++)
        {
            single.Run(images.AsSpan(i * size, size));
            expected.AddRange(single.Logits);
        }

        using var several = new PackedRunner(model, new PackedRunnerOptions { Threads = threads });
        foreach (var count in new[] { 1, 5, 2, 3, 4 })
        {
            several.Run(images.AsSpan(0, count * size));
            Assert.Equal(count, several.ImageCount);
            AssertSame(expected.Take(10 * count).ToArray(), several.Logits);
        }

        single.Run(images);
        AssertSame([.. expected], single.Logits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_AfterTheFirstCall_AllocatesNothing(int threads)
    {
        var model = SampleModels.EveryNode(seed: 5);
        var images = new Draw(6).Reals(3 * (int)model.Graph.Input.Elements);
        var pixels = new Draw(7).Pixels(images.Length);
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Threads = threads });
        var top = new Prediction[3];
        void Work()
        {
            runner.Run(images);
            runner.Run(images, PixelLayout.Nchw);
            runner.Run(pixels);
            runner.TopClasses(1, top);
        }

        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            Work();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Run_OnEitherLayout_GivesTheSame()
    {
        var model = SampleModels.EveryNode(seed: 8);
        var (side, size) = (model.Graph.Input.Height, (int)model.Graph.Input.Elements);
        var pixels = new Draw(9).Pixels(2 * size);
        var planar = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (image, pixel, channel) = (i / size, i % size / 3, i % 3);
            planar[(image * size) + (channel * side * side) + pixel] = pixels[i];
        }

        using var runner = new PackedRunner(model);
        runner.Run(pixels);
        var expected = runner.Logits.ToArray();
        runner.Run(planar, PixelLayout.Nchw);
        AssertSame(expected, runner.Logits);

        // The preprocessing: (pixel / 255 - mean) / std in double precision, rounded once.
        float[] numbers = [.. pixels.Select(pixel => (float)(((pixel / 255.0) - 0.4914) / 0.2470))];
        runner.Run(numbers);
        AssertSame(expected, runner.Logits);
        runner.Run(planar.Select(pixel => (float)(((pixel / 255.0) - 0.4914) / 0.2470)).ToArray(), PixelLayout.Nchw);
        AssertSame(expected, runner.Logits);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MaxValue)]
    public void Run_OnNumbersThatAreNone_FollowsTheFormat(float value)
    {
        var model = SampleModels.EveryNode(seed: 10);
        var image = new Draw(11).Reals((int)model.Graph.Input.Elements);
        for (var i = 0; i < image.Length; i += 5)
        {
            image[i] = value;
        }

        CompareInFloat(model, image);
        using var runner = new PackedRunner(model);
        runner.Run(image);
        var top = new Prediction[10];
        Assert.Equal(10, runner.TopClasses(0, top));
        Assert.Equal(Enumerable.Range(0, 10), top.Select(prediction => prediction.Class).Order());
    }

    [Fact]
    public void Run_OnAWrongLength_SaysWhatFits()
    {
        using var runner = new PackedRunner(SampleModels.EveryNode());

        var problem = Assert.Throws<ArgumentException>(() => runner.Run(new float[100]));

        Assert.StartsWith("Images must have a multiple of 192 elements (8 x 8 x 3), got 100.", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => runner.Run(ReadOnlySpan<float>.Empty));
    }

    [Fact]
    public void Output_OfAnUnknownName_ListsTheKnownOnes()
    {
        using var runner = new PackedRunner(SampleModels.EveryNode());
        runner.Run(new float[192]);

        var problem = Assert.Throws<KeyNotFoundException>(() => { runner.Output("boxes"); });

        Assert.Equal("Unknown output 'boxes'. Known outputs: embedding, logits.", problem.Message);
        Assert.Equal(2 * 66, runner.Output(GraphOutput.Embedding).Length);
    }

    [Fact]
    public void Run_OfPixelsWithoutPreprocessing_SaysWhatToDo()
    {
        var graph = new GraphBuilder(2, 2, 1);
        graph.Output("out", graph.Relu("relu", graph.Image));
        using var runner = new PackedRunner(graph.Build(new ModelInfo { Producer = "test" }));

        var problem = Assert.Throws<InvalidOperationException>(() => runner.Run(new byte[4]));

        Assert.Equal("The model has no preprocessing for 8-bit pixels. Normalise them yourself and run numbers.", problem.Message);
    }

    [Fact]
    public void Create_WhereAnImageTakesTooMuch_IsRefused()
    {
        var graph = new GraphBuilder(1000, 1000, 3);
        graph.Output("out", graph.Relu("relu", graph.Image));
        var model = graph.Build(new ModelInfo { Producer = "test" });

        var problem = Assert.Throws<PackedModelException>(() => new PackedRunner(model, new PackedRunnerOptions { MaxImageBytes = 1_000_000 }));

        Assert.Equal("The values of one image take 24000000 bytes, more than the 1000000 that are allowed. Raise MaxImageBytes if you trust the model.", problem.Message);
    }

    [Fact]
    public void Create_WhereAKernelTakesTooMuch_IsRefused()
    {
        // 5 MB of values, but a 1-bit filter whose tables would take 31 MB: every row of pixels has a border of its own.
        var graph = new GraphBuilder(15, 16384, 1);
        var bits = graph.Sign("bits", graph.Image, [0], [ThresholdRule.Below]);
        var wide = graph.BinaryConvolution("wide", bits, SignWeights.PackDepthwise(new float[225], 1, 15), ConvolutionGeometry.Same(15), [0], [ThresholdRule.Below]);
        var sums = graph.BinaryConvolution("sums", wide, SignWeights.PackDense([1], 1, 1, 1), ConvolutionGeometry.Pointwise);
        graph.Output("out", graph.Affine("last", sums, [1], [0]));
        var model = graph.Build(new ModelInfo { Producer = "test" });

        var problem = Assert.Throws<PackedModelException>(() => new PackedRunner(model, new PackedRunnerOptions { MaxImageBytes = 10_000_000 }));

        Assert.Equal("Node 'wide' takes more working memory than the 10000000 bytes that are allowed. Raise MaxImageBytes if you trust the model.", problem.Message);
    }

    [Fact]
    public void ReadValue_WithoutKeepValues_IsRefused()
    {
        using var runner = new PackedRunner(SampleModels.EveryNode());
        runner.Run(new float[192]);

        Assert.Throws<InvalidOperationException>(() => runner.ReadValue("stem", new float[10000]));
    }

    private static IReadOnlyList<Step> CompareSharedWithKept(int seed)
    {
        var model = RandomGraphs.Create(seed);
        var image = new Draw(seed).Reals((int)model.Graph.Input.Elements);
        using var shared = new PackedRunner(model);
        using var kept = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        shared.Run(new Draw(~seed).Reals(image.Length)); // leaves other numbers behind
        shared.Run(image);
        kept.Run(image);
        foreach (var output in model.Graph.Outputs)
        {
            AssertSame(Value(kept, output.Value), shared.Output(output.Name));
        }

        return new Steps(model.Graph, alone: false).All;
    }

    private static void CompareNodeByNode(int seed) => CompareNodeByNode(RandomGraphs.Create(seed), seed);

    private static void CompareNodeByNode(PackedModel model, int seed)
    {
        var image = new Draw(seed).Reals((int)model.Graph.Input.Elements);
        CompareInFloat(model, image);
        ForEachNode(model, image, (node, shapes, inputs, output, actual) =>
        {
            var (expected, magnitudes) = NaiveExecutor<double>.Run(node, shapes, [.. inputs.Select(input => input.Select(value => (double)value).ToArray())], output);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], tolerance: 1e-5 * magnitudes[i]);
            }
        });
    }

    private static void CompareInFloat(PackedModel model, float[] image) => ForEachNode(model, image, (node, shapes, inputs, output, actual) =>
    {
        var expected = NaiveExecutor<float>.Run(node, shapes, inputs, output).Values;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].Equals(actual[i]), $"{node.Type} {node.Name}, element {i}: expected {expected[i]:R} but got {actual[i]:R}");
        }
    });

    /// <summary>Hands each node its inputs and its result as the runtime has them.</summary>
    private static void ForEachNode(PackedModel model, float[] image, Action<GraphNode, ValueShape[], float[][], ValueShape, float[]> visit)
    {
        using var runner = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        runner.Run(image);
        Assert.Equal(image, Value(runner, ModelGraph.InputName));
        foreach (var node in model.Graph.Nodes)
        {
            visit(node, [.. node.Inputs.Select(model.Graph.ShapeOf)], [.. node.Inputs.Select(input => Value(runner, input))], model.Graph.ShapeOf(node.Name), Value(runner, node.Name));
        }
    }

    private static float[] Value(PackedRunner runner, string name)
    {
        var value = new float[runner.Model.Graph.ShapeOf(name).Elements];
        Assert.Equal(value.Length, runner.ReadValue(name, value));
        return value;
    }

    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(actual[i]));
        }
    }
}
