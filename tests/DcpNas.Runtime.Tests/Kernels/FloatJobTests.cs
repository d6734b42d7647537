using System.Runtime.Intrinsics;
using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Tests.Kernels;

/// <summary>Jobs on floats: every set must give the floats of plain loops bit for bit, in memory that ends at forbidden pages.</summary>
public class FloatJobTests
{
    private static readonly int[] Channels = [1, 3, 4, 7, 8, 15, 16, 17, 31, 36, 64, 65, 100, 130];

    public static TheoryData<InstructionSet> AllSets => Sets.All;

    [Theory]
    [MemberData(nameof(AllSets))]
    public void FloatSigns_EveryWidth_FollowsItsRules(InstructionSet set) => Assert.All(Channels, channels =>
    {
        const int Rows = 3, Width = 5;
        var random = new Random(channels);
        var rules = RandomRules(random, channels);
        var values = Floats(random, Rows * Width * channels);
        (values[0], values[^1]) = (float.NaN, -0f);
        var job = new FloatSigns(rules, set);
        Assert.Equal(set, job.Set);
        using var input = new GuardedMemory<float>(values);
        using var output = new GuardedMemory<ulong>(new BitShape(Rows, Width, channels).WordCount);
        job.Run(input.Span, output.Span, Rows, Width);
        Assert.Equal(Bits(values, rules, Rows, Width), output.Span.ToArray());
    });

    [Fact]
    public void FloatRule_Edges_AreExact()
    {
        Assert.False(FloatRule.Sign.Apply(0));
        Assert.False(FloatRule.Sign.Apply(-0f));
        Assert.True(FloatRule.Sign.Apply(-float.Epsilon));
        Assert.False(FloatRule.Sign.Apply(float.NaN));
        Assert.True(new FloatRule(1, AtLeast: true).Apply(1));
        Assert.False(new FloatRule(1, AtLeast: true).Apply(MathF.BitDecrement(1)));
        Assert.False(new FloatRule(float.NegativeInfinity, AtLeast: false).Apply(float.NegativeInfinity));
        Assert.True(new FloatRule(float.NegativeInfinity, AtLeast: true).Apply(float.NegativeInfinity));
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void Pooling_EverySize_EqualsPlainLoops(InstructionSet set)
    {
        foreach (var (height, width, kernel, stride, padding, shift) in ((int, int, int, int, int, int)[])
            [(8, 8, 3, 1, 1, 0), (9, 7, 3, 2, 1, 0), (1, 1, 3, 1, 1, 0), (1, 5, 3, 2, 1, 0), (6, 6, 2, 2, 0, 0), (7, 9, 5, 1, 2, 0), (9, 8, 2, 2, 1, 1), (1, 7, 2, 2, 1, 1), (9, 9, 3, 1, 0, 2), (8, 9, 3, 2, 1, 3)])
        {
            foreach (var channels in Channels)
            {
                foreach (var average in (bool[])[false, true])
                {
                    var values = Floats(new(channels + width), height * width * channels);
                    values[values.Length / 2] = float.NaN;
                    var job = new Pooling(average, height, width, channels, kernel, stride, padding, shift, set);
                    Assert.Equal(set, job.Set);
                    using var input = new GuardedMemory<float>(values);
                    using var output = new GuardedMemory<float>(job.OutHeight * job.OutWidth * channels);
                    var middle = job.OutHeight / 2;
                    job.Run(input.Span, output.Span[(middle * job.OutWidth * channels)..], middle, job.OutHeight - middle);
                    job.Run(input.Span, output.Span, 0, middle);
                    Same(Pool(values, average, height, width, channels, kernel, stride, padding, shift), output.Span);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void Epilogue_EveryPart_EqualsPlainLoops(InstructionSet set)
    {
        const int Rows = 2, Width = 7;
        foreach (var channels in Channels)
        {
            for (var parts = 0; parts < 32; parts++)
            {
                var (hasShortcut, hasSlope, hasOffset, hasBits, hasFloats) = ((parts & 1) != 0, (parts & 2) != 0, (parts & 4) != 0, (parts & 8) != 0, (parts & 16) != 0);
                var random = new Random(parts + channels);
                var count = Rows * Width * channels;
                var sums = Enumerable.Range(0, count).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1)).ToArray();
                var (scale, bias, slope, offset, shortcut) = (Floats(random, channels), Floats(random, channels), Floats(random, channels), Floats(random, channels), Floats(random, count));
                var rules = RandomRules(random, channels);
                var expected = new float[count];
                for (var index = 0; index < count; index++)
                {
                    var channel = index % channels;
                    var value = sums[index] * scale[channel];
                    value += bias[channel];
                    value = hasShortcut ? value + shortcut[index] : value;
                    value = hasSlope && value < 0 ? value * slope[channel] : value;
                    expected[index] = hasOffset ? value + offset[channel] : value;
                }

                var job = new Epilogue(scale, bias, hasSlope ? slope : [], hasOffset ? offset : [], hasBits ? rules : [], set);
                Assert.Equal(set, job.Set);
                using var guardedSums = new GuardedMemory<short>(sums);
                using var guardedShortcut = new GuardedMemory<float>(hasShortcut ? shortcut : []);
                using var floats = new GuardedMemory<float>(hasFloats ? count : 0);
                using var bits = new GuardedMemory<ulong>(hasBits ? new BitShape(Rows, Width, channels).WordCount : 0);
                job.Run(guardedSums.Span, guardedShortcut.Span, floats.Span, bits.Span, Rows, Width);
                Check();
                job.Run(Array.ConvertAll(sums, sum => (int)sum), guardedShortcut.Span, floats.Span, bits.Span, Rows, Width);
                Check();
                job.Run(Array.ConvertAll(sums, sum => (float)sum), guardedShortcut.Span, floats.Span, bits.Span, Rows, Width);
                Check();

                void Check()
                {
                    if (hasFloats)
                    {
                        Same(expected, floats.Span);
                    }

                    if (hasBits)
                    {
                        Assert.Equal(Bits(expected, rules, Rows, Width), bits.Span.ToArray());
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void FloatConvolution_EverySize_EqualsPlainLoops(InstructionSet set)
    {
        foreach (var (inputs, height, width, kernel, stride, dilation, padding) in ((int, int, int, int, int, int, int)[])[(3, 9, 12, 3, 1, 1, 1), (3, 17, 16, 3, 2, 1, 1), (1, 5, 5, 5, 1, 2, 4), (5, 3, 3, 1, 1, 1, 0), (3, 1, 1, 3, 2, 1, 1), (3, 20, 21, 7, 2, 1, 3)])
        {
            foreach (var outputs in (int[])[1, 5, 16, 36, 61, 119])
            {
                var geometry = new ConvolutionGeometry { Input = new(height, width, inputs), OutChannels = outputs, Kernel = kernel, Stride = stride, Dilation = dilation, Padding = padding };
                var random = new Random(outputs);
                var (values, weights, bias) = (Floats(random, height * width * inputs), Floats(random, outputs * geometry.Terms), Floats(random, outputs));
                var expected = new float[geometry.OutHeight * geometry.OutWidth * outputs];
                for (var index = 0; index < expected.Length; index++)
                {
                    var (pixel, channel) = (index / outputs, index % outputs);
                    var sum = bias[channel];
                    for (var term = 0; term < geometry.Terms; term++)
                    {
                        var (tap, input) = (term / inputs, term % inputs);
                        var y = (pixel / geometry.OutWidth * stride) + (tap / kernel * dilation) - padding;
                        var x = (pixel % geometry.OutWidth * stride) + (tap % kernel * dilation) - padding;
                        if (y >= 0 && y < height && x >= 0 && x < width)
                        {
                            var product = values[(((y * width) + x) * inputs) + input] * weights[(channel * geometry.Terms) + term];
                            sum += product;
                        }
                    }

                    expected[index] = sum;
                }

                var job = new FloatConvolution(geometry, weights, bias, set);
                Assert.Equal(set, job.Set);
                using var guarded = new GuardedMemory<float>(values);
                using var output = new GuardedMemory<float>(expected.Length);
                var middle = geometry.OutHeight / 2;
                job.Run(guarded.Span, output.Span[(middle * geometry.OutWidth * outputs)..], middle, geometry.OutHeight - middle);
                job.Run(guarded.Span, output.Span, 0, middle);
                Same(expected, output.Span);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void GlobalAverageAndLinear_EveryWidth_EqualPlainLoops(InstructionSet set) => Assert.All(Channels, channels =>
    {
        const int Pixels = 49, Outputs = 139;
        var random = new Random(channels);
        var (values, weights, bias) = (Floats(random, Pixels * channels), Floats(random, Outputs * channels), Floats(random, Outputs));
        var means = new float[channels];
        for (var index = 0; index < values.Length; index++)
        {
            means[index % channels] += values[index];
        }

        means = Array.ConvertAll(means, mean => mean / Pixels);
        var logits = bias.ToArray();
        for (var index = 0; index < weights.Length; index++)
        {
            var product = means[index % channels] * weights[index];
            logits[index / channels] += product;
        }

        using var input = new GuardedMemory<float>(values);
        using var mean = new GuardedMemory<float>(channels);
        using var output = new GuardedMemory<float>(Outputs);
        GlobalAverage.Run(input.Span, mean.Span, Pixels, channels, set);
        Same(means, mean.Span);
        var linear = new Linear(channels, Outputs, weights, bias, set);
        Assert.Equal(set, linear.Set);
        linear.Run(mean.Span, output.Span);
        Same(logits, output.Span);
    });

    [Theory]
    [MemberData(nameof(AllSets))]
    public void BitTranspose_RandomSquare_SwapsRowsAndColumns(InstructionSet set)
    {
        foreach (var pitch in (int[])[1, 3, 64])
        {
            var random = new Random(pitch);
            using var source = new GuardedMemory<ulong>((63 * pitch) + 1);
            using var target = new GuardedMemory<ulong>(64);
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(source.Span));
            BitTranspose.Run(source.Span, pitch, target.Span, set);
            for (var index = 0; index < 64 * 64; index++)
            {
                var (row, column) = (index / 64, index % 64);
                Assert.Equal((source.Span[row * pitch] >> column) & 1, (target.Span[column] >> row) & 1);
            }
        }
    }

    [Fact]
    public void DivideBy_OfEveryKindOfNumber_EqualsDivision()
    {
        Assert.SkipUnless(InstructionSets.IsSupported(InstructionSet.Avx512), "This processor has no AVX-512.");
        var random = new Random(3);
        float[] odd = [0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, 1e-30f, 1e30f, float.MaxValue, 1.1754944e-38f, 1, -1];
        for (var divisor = 1; divisor <= 225; divisor++)
        {
            for (var round = 0; round < 60; round++)
            {
                // All lanes within the range of the short cut, or any bits, or one odd number among ordinary ones.
                var values = new float[16];
                for (var lane = 0; lane < 16; lane++)
                {
                    values[lane] = round % 3 == 1 ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) : (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-90, 90)));
                }

                values[random.Next(16)] = round % 3 == 2 ? odd[random.Next(odd.Length)] : divisor * (1 + random.Next(1000));
                var actual = Lanes512.DivideBy(Vector512.Create(values), Vector512.Create((float)divisor), Vector512.Create(1f / divisor));
                for (var lane = 0; lane < 16; lane++)
                {
                    Assert.True(BitConverter.SingleToInt32Bits(values[lane] / divisor) == BitConverter.SingleToInt32Bits(actual[lane]) || float.IsNaN(values[lane]), $"{values[lane]:R} / {divisor}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void Epilogue_WithSeveralSignsAddendAndARepeatedShortcut_EqualsPlainLoops(InstructionSet set)
    {
        const int Rows = 3, Width = 5;
        foreach (var (channels, part) in ((int, int)[])[(32, 16), (96, 32), (64, 32), (160, 80), (36, 36), (130, 130), (5, 5)])
        {
            for (var count = 0; count <= Epilogue.MostSigns; count++)
            {
                var (random, pixels) = (new Random(channels + count), Rows * Width);
                var (scale, bias, slope) = (Floats(random, channels), Floats(random, channels), Floats(random, channels));
                var (shortcut, addend) = (Floats(random, pixels * part), Floats(random, pixels * channels));
                var sums = Enumerable.Range(0, pixels * channels).Select(_ => (short)random.Next(-500, 500)).ToArray();
                var rules = Enumerable.Range(0, count).Select(_ => RandomRules(random, channels)).ToArray();
                var expected = new float[sums.Length];
                for (var index = 0; index < sums.Length; index++)
                {
                    var (pixel, channel) = (index / channels, index % channels);
                    var value = sums[index] * scale[channel];
                    value += bias[channel];
                    value += shortcut[(pixel * part) + (channel % part)];
                    value = value < 0 ? value * slope[channel] : value;
                    expected[index] = value + addend[index];
                }

                using var guardedSums = new GuardedMemory<short>(sums);
                using var guardedShortcut = new GuardedMemory<float>(shortcut);
                using var guardedAddend = new GuardedMemory<float>(addend);
                using var floats = new GuardedMemory<float>(sums.Length);
                var bits = rules.Select(_ => new GuardedMemory<ulong>(new BitShape(Rows, Width, channels).WordCount)).ToArray();
                Run(new Epilogue(scale, bias, slope, [], rules, set));
                Same(expected, floats.Span);
                for (var sign = 0; sign < count; sign++)
                {
                    Assert.Equal(Bits(expected, rules[sign], Rows, Width), bits[sign].Span.ToArray());
                    bits[sign].Dispose();
                }

                unsafe void Run(Epilogue job)
                {
                    fixed (float* from = guardedShortcut.Span, plus = guardedAddend.Span, target = floats.Span)
                    {
                        var rows = new EpilogueRows { Shortcut = from, ShortcutChannels = part, Addend = plus, Output = target };
                        for (var sign = 0; sign < count; sign++)
                        {
                            fixed (ulong* words = bits[sign].Span)
                            {
                                rows.Bits[sign] = (long)words; // memory of the system, which does not move
                            }
                        }

                        job.Run(guardedSums.Span, in rows, Rows, Width);
                    }
                }
            }
        }
    }

    private static float[] Floats(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) * 3)];

    private static FloatRule[] RandomRules(Random random, int channels) => [.. Enumerable.Range(0, channels).Select(_ => random.Next(8) switch
    {
        0 => FloatRule.Sign,
        1 => new(float.NegativeInfinity, random.Next(2) == 0),
        _ => new FloatRule((float)(random.NextDouble() - 0.5), random.Next(2) == 0),
    })];

    private static ulong[] Bits(float[] values, FloatRule[] rules, int rows, int width)
    {
        var map = new BitMap(new(rows, width, rules.Length));
        for (var index = 0; index < values.Length; index++)
        {
            var (pixel, channel) = (index / rules.Length, index % rules.Length);
            map[pixel / width, pixel % width, channel] = values[index] < rules[channel].Threshold ? !rules[channel].AtLeast : rules[channel].AtLeast;
        }

        return map.Words;
    }

    private static float[] Pool(float[] values, bool average, int height, int width, int channels, int kernel, int stride, int padding, int shift)
    {
        var (outHeight, outWidth) = (((height - shift + (2 * padding) - kernel) / stride) + 1, ((width - shift + (2 * padding) - kernel) / stride) + 1);
        var result = new float[outHeight * outWidth * channels];
        for (var index = 0; index < result.Length; index++)
        {
            var (pixel, channel) = (index / channels, index % channels);
            var seen = new List<float>();
            for (var tap = 0; tap < kernel * kernel; tap++)
            {
                var (y, x) = ((pixel / outWidth * stride) + (tap / kernel) + shift - padding, (pixel % outWidth * stride) + (tap % kernel) + shift - padding);
                if (y >= 0 && y < height && x >= 0 && x < width)
                {
                    seen.Add(values[(((y * width) + x) * channels) + channel]);
                }
            }

            result[index] = average ? seen.Skip(1).Aggregate(seen[0], (sum, value) => sum + value) / seen.Count : seen.Aggregate((largest, value) => value > largest ? value : largest);
        }

        return result;
    }

    private static void Same(float[] expected, ReadOnlySpan<float> actual)
    {
        for (var index = 0; index < expected.Length; index++)
        {
            // Any NaN is as good as any other.
            Assert.True(expected[index].Equals(actual[index]), $"Value {index} of {expected.Length}: expected {expected[index]:R}, got {actual[index]:R}.");
        }
    }
}
