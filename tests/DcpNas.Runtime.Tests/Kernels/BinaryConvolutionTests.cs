using CsCheck;
using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Kernels.Dense;
using DcpNas.Runtime.Kernels.Fixed;

namespace DcpNas.Runtime.Tests.Kernels;

public class BinaryConvolutionTests
{
    // input channels, output channels, height, width, kernel, stride, dilation, padding, shift
    private static readonly (int In, int Out, int Height, int Width, int Kernel, int Stride, int Dilation, int Padding, int Shift)[] DenseSizes =
    [
        (1, 1, 1, 1, 1, 1, 1, 0, 0),
        (16, 16, 32, 32, 1, 1, 1, 0, 0),
        (36, 36, 32, 32, 1, 1, 1, 0, 0),
        (36, 36, 16, 16, 3, 1, 1, 1, 0),
        (3, 5, 9, 7, 3, 1, 1, 1, 0),
        (37, 67, 9, 11, 3, 1, 1, 1, 0),
        (64, 64, 7, 7, 3, 1, 1, 1, 0),
        (64, 64, 8, 8, 3, 1, 2, 2, 0),
        (64, 128, 16, 16, 3, 2, 1, 1, 0),
        (48, 96, 17, 15, 3, 2, 1, 1, 0),
        (72, 144, 8, 8, 1, 2, 1, 0, 0),
        (72, 72, 8, 8, 1, 2, 1, 0, 1),
        (72, 72, 9, 7, 1, 2, 1, 1, 2),
        (36, 36, 1, 5, 1, 2, 1, 1, 2),
        (256, 256, 15, 8, 1, 2, 1, 1, 2),
        (40, 70, 9, 8, 3, 1, 1, 1, 2),
        (128, 192, 6, 9, 3, 1, 1, 1, 0),
        (256, 256, 7, 7, 3, 1, 1, 1, 0),
        (130, 257, 4, 5, 3, 1, 2, 2, 0),
        (100, 320, 7, 7, 1, 1, 1, 0, 0),
        (512, 512, 3, 3, 3, 1, 1, 1, 0),
        (20, 40, 12, 13, 5, 1, 1, 2, 0),
        (20, 40, 12, 13, 5, 2, 2, 4, 0),
        (63, 65, 10, 70, 3, 1, 1, 1, 0),
        (64, 64, 3, 130, 3, 1, 3, 3, 0),
        (8, 8, 5, 5, 7, 1, 1, 3, 0),
        (8, 8, 2, 2, 3, 1, 4, 4, 0),
        (16, 24, 33, 31, 3, 3, 2, 2, 1),
        (65, 40, 56, 5, 3, 1, 1, 0, 0),
        (32, 32, 8, 8, 2, 1, 1, 1, 0),
    ];

    private static readonly (int Channels, int Height, int Width, int Kernel, int Stride, int Dilation, int Padding, int Shift)[] DepthwiseSizes =
    [
        (1, 1, 1, 1, 1, 1, 0, 0),
        (36, 32, 32, 3, 1, 1, 1, 0),
        (36, 32, 32, 5, 1, 2, 4, 0),
        (36, 16, 16, 5, 2, 1, 2, 0),
        (37, 9, 11, 3, 2, 1, 1, 0),
        (64, 56, 13, 3, 1, 1, 1, 0),
        (128, 7, 7, 5, 1, 1, 2, 0),
        (200, 8, 8, 3, 1, 2, 2, 0),
        (72, 8, 8, 3, 2, 2, 2, 0),
        (72, 15, 17, 5, 2, 2, 4, 0),
        (130, 4, 70, 3, 1, 1, 1, 0),
        (64, 3, 2, 5, 1, 2, 4, 0),
        (64, 14, 14, 3, 1, 1, 0, 0),
        (65, 12, 9, 1, 2, 1, 0, 1),
        (65, 12, 9, 1, 2, 1, 1, 2),
        (37, 9, 11, 3, 1, 1, 2, 3),
        (20, 9, 9, 7, 1, 1, 3, 0),
        (20, 9, 9, 4, 3, 1, 2, 0),
        (5, 20, 20, 15, 1, 1, 7, 0),
    ];

    public static TheoryData<InstructionSet> AllSets => Sets.All;

    [Theory]
    [MemberData(nameof(AllSets))]
    public void Dense_EverySize_EqualsTheCount(InstructionSet set) => Assert.All(DenseSizes, size => Check(set, 3, new()
    {
        Input = new(size.Height, size.Width, size.In),
        OutChannels = size.Out,
        Kernel = size.Kernel,
        Stride = size.Stride,
        Dilation = size.Dilation,
        Padding = size.Padding,
        Shift = size.Shift,
    }));

    [Theory]
    [MemberData(nameof(AllSets))]
    public void Depthwise_EverySize_EqualsTheCount(InstructionSet set) => Assert.All(DepthwiseSizes, size => Check(set, 4, new()
    {
        Input = new(size.Height, size.Width, size.Channels),
        OutChannels = size.Channels,
        Kernel = size.Kernel,
        Stride = size.Stride,
        Dilation = size.Dilation,
        Padding = size.Padding,
        Shift = size.Shift,
        Depthwise = true,
    }));

    [Fact]
    public void DenseAvx512_BothKernels_EqualTheCount()
    {
        Assert.SkipUnless(InstructionSets.IsSupported(InstructionSet.Avx512), "This processor has no AVX-512 with VBMI.");
        var pixelLanes = 0;
        foreach (var size in DenseSizes)
        {
            var convolution = new Convolution(
                new()
                {
                    Input = new(size.Height, size.Width, size.In),
                    OutChannels = size.Out,
                    Kernel = size.Kernel,
                    Stride = size.Stride,
                    Dilation = size.Dilation,
                    Padding = size.Padding,
                    Shift = size.Shift,
                },
                8);
            var (geometry, sums) = (convolution.Geometry, convolution.CountSums());
            var channels = new DenseChannelLanes(geometry, convolution.Weights, convolution.Rules, InstructionSet.Avx512);
            Check(channels, convolution, sums);
            if (DensePixelLanes.TryCreate(geometry, convolution.Weights, convolution.Rules, InstructionSet.Avx512) is { } pixels)
            {
                Check(new DensePair(pixels, channels), convolution, sums);
                pixelLanes++;
            }
        }

        Assert.True(pixelLanes > DenseSizes.Length / 2, $"Only {pixelLanes} sizes ran with pixels side by side.");
    }

    [Fact]
    public void Run_RandomGeometry_EqualsTheCountOnEverySet() =>
        Gen.Select(Gen.Int[1, 24], Gen.Int[1, 24], Gen.Int[1, 140], Gen.Int[1, 140], Gen.Int[1, 5], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Bool)
            .Select(Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 1000000], (a, padding, shift, seed) => (Seed: seed, Geometry: new ConvolutionGeometry
            {
                Input = new(a.Item1, a.Item2, a.Item3),
                OutChannels = a.Item8 ? a.Item3 : a.Item4,
                Kernel = a.Item5,
                Stride = a.Item6,
                Dilation = a.Item7,
                Padding = padding,
                Shift = shift,
                Depthwise = a.Item8,
            }))
            .Where(c => c.Geometry.OutHeight > 0 && c.Geometry.OutWidth > 0 && c.Geometry.OutWidth * c.Geometry.OutHeight * c.Geometry.OutChannels * c.Geometry.Terms < 8_000_000)
            .Sample(c => Assert.All(InstructionSets.Supported, set => Check(set, c.Seed, c.Geometry)), iter: 40, seed: "0000KOIPNNn5", threads: 1);

    [Theory]
    [MemberData(nameof(AllSets))]
    public void Run_AllEqualAndAllOpposite_OverflowsNoCounter(InstructionSet set)
    {
        foreach (var (inputs, outputs, side, kernel) in ((int, int, int, int)[])[(1024, 256, 2, 3), (1023, 70, 3, 3), (512, 64, 8, 3), (63, 64, 9, 5), (252, 64, 8, 1), (3640, 3, 3, 3), (3641, 3, 3, 3), (8192, 2, 3, 3)])
        {
            foreach (var (weightDensity, inputDensity) in ((double, double)[])[(0, 0), (1, 1), (0, 1), (1, 0)])
            {
                var geometry = new ConvolutionGeometry { Input = new(side, side, inputs), OutChannels = outputs, Kernel = kernel, Padding = kernel / 2 };
                var convolution = new Convolution(geometry, 5, weightDensity, inputDensity);
                Check(set, convolution, [.. Enumerable.Range(0, side * side * outputs).Select(index => (weightDensity == inputDensity ? 1 : -1) * Inside(geometry, index / outputs) * inputs)]);
            }
        }

        foreach (var (weightDensity, inputDensity) in ((double, double)[])[(0, 0), (1, 1), (0, 1), (1, 0)])
        {
            foreach (var kernel in (int[])[3, 5, 15])
            {
                var geometry = new ConvolutionGeometry { Input = new(20, 20, 70), OutChannels = 70, Kernel = kernel, Padding = kernel / 2, Depthwise = true };
                Check(set, new(geometry, 6, weightDensity, inputDensity), [.. Enumerable.Range(0, 400 * 70).Select(index => (weightDensity == inputDensity ? 1 : -1) * Inside(geometry, index / 70))]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void Run_RowsSplitOverThreads_EqualsOneCall(InstructionSet set)
    {
        foreach (var depthwise in (bool[])[false, true])
        {
            foreach (var (channels, side, stride) in ((int, int, int)[])[(64, 31, 1), (200, 14, 1), (40, 33, 2)])
            {
                var geometry = new ConvolutionGeometry { Input = new(side, side, channels), OutChannels = channels, Kernel = 3, Stride = stride, Padding = 1, Depthwise = depthwise };
                var convolution = new Convolution(geometry, 7);
                var kernel = BinaryConvolution.Create(geometry, convolution.Weights, convolution.Rules, set);
                var whole = new ulong[geometry.Output.WordCount];
                kernel.Bits(convolution.Input.Words, whole, 0, geometry.OutHeight, new byte[kernel.ScratchBytes(geometry.OutHeight)]);
                var parts = new ulong[whole.Length];
                var sums = new short[geometry.OutHeight * geometry.OutWidth * channels];
                Parallel.For(0, (geometry.OutHeight + 2) / 3, new ParallelOptions { MaxDegreeOfParallelism = 4 }, part =>
                {
                    var first = part * 3;
                    var rows = Math.Min(3, geometry.OutHeight - first);
                    var scratch = new byte[kernel.ScratchBytes(rows)];
                    kernel.Bits(convolution.Input.Words, parts.AsSpan(first * geometry.Output.RowWords), first, rows, scratch);
                    kernel.Sums(convolution.Input.Words, sums.AsSpan(first * geometry.OutWidth * channels), first, rows, scratch);
                });
                Assert.Equal(whole, parts);
                Assert.Equal(whole, convolution.BitsOf([.. sums.Select(sum => (int)sum)]));
            }
        }
    }

    [Fact]
    public void Create_EverySet_RunsAKernelOfItsOwn()
    {
        var geometry = new ConvolutionGeometry { Input = new(16, 16, 64), OutChannels = 64, Kernel = 3, Padding = 1 };
        foreach (var depthwise in (bool[])[false, true])
        {
            var sizes = geometry with { Depthwise = depthwise };
            var kernels = InstructionSets.Supported.Select(set => BinaryConvolution.Create(sizes, new Convolution(sizes, 1).Weights, [], set)).ToList();
            Assert.Equal(InstructionSets.Supported, kernels.Select(kernel => kernel.Set));
            Assert.Equal(kernels.Count, kernels.Select(kernel => kernel.Kernel).Distinct().Count());
        }
    }

    [Fact]
    public void Create_FaultyArguments_SaysWhatIsWrong()
    {
        var geometry = new ConvolutionGeometry { Input = new(4, 4, 60), OutChannels = 2, Kernel = 1 };
        var one = new ulong[2];
        Assert.Equal("weights.Length must be 2, got 3.", Assert.Throws<ArgumentException>(() => BinaryConvolution.Create(geometry, new ulong[3], [])).Message);
        Assert.Equal("rules.Length must be 2, got 1.", Assert.Throws<ArgumentException>(() => BinaryConvolution.Create(geometry, one, [BitRule.One])).Message);
        Assert.Equal("weights must have no bits beyond channel 59, got 0x1000000000000000 in word 1.", Assert.Throws<ArgumentException>(() => BinaryConvolution.Create(geometry, [0, 1UL << 60], [])).Message);
        Assert.Equal("Kernel must be at least 1, got 0.", Assert.Throws<ArgumentException>(() => BinaryConvolution.Create(geometry with { Kernel = 0 }, one, [])).Message);
        Assert.Equal("OutHeight must be at least 1, got 0.", Assert.Throws<ArgumentException>(() => BinaryConvolution.Create(geometry with { Kernel = 5 }, one, [])).Message);
        Assert.Equal("OutChannels of a depthwise convolution must be 60, got 2.", Assert.Throws<ArgumentException>(() => BinaryConvolution.Create(geometry with { Depthwise = true }, one, [])).Message);
        var kernel = BinaryConvolution.Create(geometry, one, []);
        var scratch = new byte[kernel.ScratchBytes(4)];
        Assert.Equal("Bits need rules, but the convolution was prepared without.", Assert.Throws<ArgumentException>(() => kernel.Bits(new ulong[16], new ulong[16], 0, 4, scratch)).Message);
        Assert.Equal("input.Length must be at least 16, got 15.", Assert.Throws<ArgumentException>(() => kernel.Sums(new ulong[15], new short[32], 0, 4, scratch)).Message);
        Assert.Equal("output must be at least 32, got 31.", Assert.Throws<ArgumentException>(() => kernel.Sums(new ulong[16], new short[31], 0, 4, scratch)).Message);
        Assert.StartsWith("rows must lie in 0..3, got 4 from 1.", Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Sums(new ulong[16], new short[32], 1, 4, scratch)).Message, StringComparison.Ordinal);
    }

    private static void Check(InstructionSet set, int seed, ConvolutionGeometry geometry)
    {
        var convolution = new Convolution(geometry, seed);
        Check(set, convolution, convolution.CountSums());
    }

    private static void Check(InstructionSet set, Convolution convolution, int[] sums)
    {
        var kernel = BinaryConvolution.Create(convolution.Geometry, convolution.Weights, convolution.Rules, set);
        Assert.Equal(set, kernel.Set);
        Check(kernel, convolution, sums);
    }

    private static void Check(BinaryConvolution kernel, Convolution convolution, int[] sums)
    {
        var geometry = convolution.Geometry;
        // Rows in two calls, the first of them from the middle on; all memory ends at forbidden pages.
        var middle = geometry.OutHeight / 2;
        using var input = new GuardedMemory<ulong>(convolution.Input.Words);
        using var scratch = new GuardedMemory<byte>(kernel.ScratchBytes(geometry.OutHeight - middle));
        using var bits = new GuardedMemory<ulong>(geometry.Output.WordCount);
        using var wide = new GuardedMemory<int>(sums.Length);
        using var narrow = new GuardedMemory<short>(sums.Length);
        foreach (var (first, rows) in ((int, int)[])[(middle, geometry.OutHeight - middle), (0, middle)])
        {
            var row = geometry.OutWidth * geometry.OutChannels;
            kernel.Bits(input.Span, bits.Span.Slice(first * geometry.Output.RowWords, rows * geometry.Output.RowWords), first, rows, scratch.Span);
            kernel.Sums(input.Span, wide.Span.Slice(first * row, rows * row), first, rows, scratch.Span);
            if (geometry.Terms <= short.MaxValue)
            {
                kernel.Sums(input.Span, narrow.Span.Slice(first * row, rows * row), first, rows, scratch.Span);
            }
        }

        var place = $"{kernel.Kernel}, {geometry}";
        Same(sums, wide.Span, place);
        Assert.True(convolution.BitsOf(sums).AsSpan().SequenceEqual(bits.Span), $"Bits of {place}");
        if (geometry.Terms <= short.MaxValue)
        {
            Same(sums, Array.ConvertAll(narrow.Span.ToArray(), sum => (int)sum), place);
        }

        CheckFinish(kernel, convolution, sums, place);
    }

    /// <summary>An epilogue that changes nothing must hand out the sums themselves, and their bits.</summary>
    private static unsafe void CheckFinish(BinaryConvolution kernel, Convolution convolution, int[] sums, string place)
    {
        var geometry = convolution.Geometry;
        var rules = Array.ConvertAll(convolution.Rules, rule => new FloatRule(
            rule.Threshold == int.MinValue ? float.NegativeInfinity : rule.Threshold == int.MaxValue ? float.PositiveInfinity : rule.Threshold, rule.AtLeast));
        var epilogue = new Epilogue(Enumerable.Repeat(1f, rules.Length).ToArray(), new float[rules.Length], [], [], rules, kernel.Set);
        var middle = geometry.OutHeight / 2;
        using var input = new GuardedMemory<ulong>(convolution.Input.Words);
        using var scratch = new GuardedMemory<byte>(kernel.FinishScratchBytes(geometry.OutHeight - middle));
        using var bits = new GuardedMemory<ulong>(geometry.Output.WordCount);
        using var floats = new GuardedMemory<float>(sums.Length);
        foreach (var (first, rows) in ((int, int)[])[(middle, geometry.OutHeight - middle), (0, middle)])
        {
            fixed (float* output = floats.Span[(first * geometry.OutWidth * geometry.OutChannels)..])
            fixed (ulong* words = bits.Span[(first * geometry.Output.RowWords)..])
            {
                var target = new EpilogueRows { Output = output };
                target.Bits[0] = (long)words;
                kernel.Finish(input.Span, epilogue, in target, first, rows, scratch.Span);
            }
        }

        Same(sums, Array.ConvertAll(floats.Span.ToArray(), sum => (int)sum), $"finished by {place}");
        Assert.True(convolution.BitsOf(sums).AsSpan().SequenceEqual(bits.Span), $"Bits finished by {place}");
        if (geometry.Terms <= short.MaxValue / 2) // a multiplier of 1 leaves one bit less
        {
            CheckFixedFinish(kernel, convolution, sums, rules, place);
        }
    }

    /// <summary>So must an epilogue on fixed-point numbers of exponent 0.</summary>
    private static unsafe void CheckFixedFinish(BinaryConvolution kernel, Convolution convolution, int[] sums, FloatRule[] rules, string place)
    {
        var geometry = convolution.Geometry;
        var epilogue = new FixedEpilogue(new FixedEpilogueParts(Enumerable.Repeat(1f, rules.Length).ToArray(), new float[rules.Length], [], [], [rules], new FixedExponents(0, 0)), kernel.Set);
        using var input = new GuardedMemory<ulong>(convolution.Input.Words);
        using var scratch = new GuardedMemory<byte>(kernel.FinishScratchBytes(geometry.OutHeight));
        using var bits = new GuardedMemory<ulong>(geometry.Output.WordCount);
        using var numbers = new GuardedMemory<short>(sums.Length);
        fixed (short* output = numbers.Span)
        fixed (ulong* words = bits.Span)
        {
            var target = new EpilogueRows { Output = output };
            target.Bits[0] = (long)words;
            kernel.Finish(input.Span, epilogue, in target, 0, geometry.OutHeight, scratch.Span);
        }

        Same(sums, Array.ConvertAll(numbers.Span.ToArray(), sum => (int)sum), $"finished in fixed point by {place}");
        Assert.True(convolution.BitsOf(sums).AsSpan().SequenceEqual(bits.Span), $"Bits finished in fixed point by {place}");
    }

    private static void Same(int[] expected, ReadOnlySpan<int> actual, string place)
    {
        var index = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(index == expected.Length, index == expected.Length ? "" : $"Sum {index}: expected {expected[index]}, got {actual[index]}; {place}");
    }

    private static int Inside(ConvolutionGeometry geometry, int pixel) =>
        Inside(geometry, pixel / geometry.OutWidth, geometry.Input.Height) * Inside(geometry, pixel % geometry.OutWidth, geometry.Input.Width);

    private static int Inside(ConvolutionGeometry geometry, int output, int size) =>
        Enumerable.Range(0, geometry.Kernel).Count(tap => output + tap - geometry.Padding >= 0 && output + tap - geometry.Padding < size);
}
