using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Kernels.Fixed;

namespace DcpNas.Runtime.Tests.Kernels;

/// <summary>Jobs on fixed-point numbers: every set must give the numbers of plain loops in wide integers, in memory that ends at forbidden pages.</summary>
public class FixedJobTests
{
    private static readonly int[] Channels = [1, 5, 8, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 80, 96, 130];

    public static TheoryData<InstructionSet> AllSets => Sets.All;

    [Fact]
    public void ScaleRule_WhereTheResultIsInRange_IsWithinTwoStepsOfTheAffineFunction()
    {
        var random = new Random(1);
        var (inside, centred) = (0, 0);
        for (var round = 0; round < 200_000; round++)
        {
            var (from, to, sum) = (random.Next(3) * 4, random.Next(-2, 16), random.Next(-5000, 5001));
            var scale = (float)(Math.ScaleB(random.NextDouble() - 0.5, random.Next(-12, 8)) + (round % 50 == 0 ? 1e-9 : 0));
            // A mean of the numbers near the number: what is left is small, though scale * sum and bias may not be.
            var bias = (float)((random.NextDouble() - 0.5) - (random.Next(2) * scale * Math.ScaleB(sum + random.Next(-20, 21), -from)));
            var exact = ((double)scale * Math.ScaleB(sum, -from)) + bias;
            if (Math.Abs(Math.ScaleB(exact, to)) + (2 * Math.Abs(Math.ScaleB(scale, to - from))) > short.MaxValue / 2)
            {
                continue; // within two steps of the number of the headroom
            }

            var rule = ScaleRule.Of(scale, bias, from, to, largest: 5000);
            var value = Math.Clamp(Math.Clamp(sum + rule.Centre, -rule.Limit, rule.Limit), short.MinValue, short.MaxValue) * rule.Factor;
            Assert.InRange(value, short.MinValue, short.MaxValue);
            value = ((value * rule.Multiplier) + (1 << 14)) >> 15;
            var error = Math.Abs(Math.ScaleB(exact, to) - (value + rule.Bias));
            Assert.True(error <= 2, $"{scale:R} * {sum} * 2^-{from} + {bias:R} to 2^-{to}: {error} steps off, {rule}");
            inside++;
            centred += rule.Centre != 0 ? 1 : 0;
        }

        Assert.True(inside > 20_000 && centred > 1000, $"{inside} {centred}");
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void FixedEpilogue_EveryPart_EqualsPlainLoops(InstructionSet set)
    {
        const int Rows = 2, Width = 5;
        foreach (var channels in Channels)
        {
            for (var parts = 0; parts < 32; parts++)
            {
                var (hasShortcut, hasSlope, hasOffset, hasAddend, isWritten) = ((parts & 1) != 0, (parts & 2) != 0, (parts & 4) != 0, (parts & 8) != 0, (parts & 16) != 0);
                var random = new Random(parts + (100 * channels));
                var part = hasShortcut && channels % FixedEpilogue.RepetitionUnit == 0 && random.Next(2) == 0 ? FixedEpilogue.RepetitionUnit : channels;
                var exponents = new FixedExponents(random.Next(2) * 9, random.Next(4, 11), random.Next(11, 14), random.Next(11, 14));
                var steep = random.Next(2) == 0 ? 0.9f : 6f;
                FloatRule[][] rules = [.. Enumerable.Range(0, random.Next(SumEpilogue.MostSigns + 1)).Select(_ => RandomRules(random, channels))];
                var (scale, bias) = (Floats(random, channels, 2), Floats(random, channels, random.Next(2) == 0 ? 3 : 300));
                var (slope, offset) = (hasSlope ? Floats(random, channels, steep) : [], hasOffset ? Floats(random, channels, 1) : []);
                slope = random.Next(2) == 0 ? Array.ConvertAll(slope, Math.Abs) : slope;
                var sums = Shorts(random, Rows * Width * channels);
                var (shortcut, addend) = (Shorts(random, Rows * Width * part), Shorts(random, sums.Length));
                var constants = new FixedEpilogueParts(scale, bias, slope, offset, rules, exponents);
                var expected = Plain(constants, exponents, sums, hasShortcut ? shortcut : null, part, hasAddend ? addend : null);
                var job = new FixedEpilogue(constants, set);
                Assert.Equal(set, job.Set);

                using var guardedSums = new GuardedMemory<short>(sums);
                using var guardedShortcut = new GuardedMemory<short>(hasShortcut ? shortcut : []);
                using var guardedAddend = new GuardedMemory<short>(hasAddend ? addend : []);
                using var output = new GuardedMemory<short>(isWritten ? sums.Length : 0);
                var bits = rules.Select(_ => new GuardedMemory<ulong>(new BitShape(Rows, Width, channels).WordCount)).ToArray();
                Run();
                if (isWritten)
                {
                    Assert.Equal(expected, output.Span.ToArray());
                }

                for (var sign = 0; sign < rules.Length; sign++)
                {
                    Assert.Equal(Bits(expected, rules[sign], exponents.Output, Rows, Width), bits[sign].Span.ToArray());
                    bits[sign].Dispose();
                }

                unsafe void Run()
                {
                    fixed (short* from = guardedShortcut.Span, plus = guardedAddend.Span, target = output.Span)
                    {
                        var rows = new EpilogueRows { Shortcut = hasShortcut ? from : null, ShortcutChannels = hasShortcut ? part : 0, Addend = hasAddend ? plus : null, Output = isWritten ? target : null };
                        for (var sign = 0; sign < rules.Length; sign++)
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

    [Fact]
    public void FixedEpilogue_OfA32BitSum_IsRefused()
    {
        var job = new FixedEpilogue(new FixedEpilogueParts([1], [0], [], [], [], new FixedExponents(0, 8)));

        Assert.Throws<InvalidOperationException>(() => job.Run([1, 2], default, 1, 2));
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void FixedPooling_EverySize_EqualsPlainLoops(InstructionSet set)
    {
        foreach (var (height, width, kernel, stride, padding, shift) in ((int, int, int, int, int, int)[])
            [(8, 8, 3, 1, 1, 0), (9, 7, 3, 2, 1, 0), (1, 1, 3, 1, 1, 0), (2, 2, 3, 1, 1, 0), (1, 5, 3, 2, 1, 0), (6, 6, 2, 2, 0, 0), (5, 6, 2, 1, 0, 0), (7, 9, 5, 1, 2, 0), (9, 8, 2, 2, 1, 1), (1, 7, 2, 2, 1, 1), (9, 9, 3, 1, 0, 2), (8, 9, 3, 2, 1, 3)])
        {
            foreach (var channels in Channels)
            {
                foreach (var average in (bool[])[false, true])
                {
                    var values = Shorts(new(channels + width), height * width * channels);
                    var job = new FixedPooling(average, height, width, channels, kernel, stride, padding, shift, set);
                    Assert.Equal(set, job.Set);
                    using var input = new GuardedMemory<short>(values);
                    using var output = new GuardedMemory<short>(job.OutHeight * job.OutWidth * channels);
                    var middle = job.OutHeight / 2;
                    job.Run(input.Span, output.Span[(middle * job.OutWidth * channels)..], middle, job.OutHeight - middle);
                    job.Run(input.Span, output.Span, 0, middle);
                    Assert.Equal(Pool(values, average, height, width, channels, kernel, stride, padding - shift, job.OutHeight, job.OutWidth), output.Span.ToArray());
                }
            }
        }
    }

    [Fact]
    public void FixedPooling_OfAMean_IsWithinThreeStepsOfIt()
    {
        const int Side = 9, Count = 70;
        var values = Array.ConvertAll(Shorts(new(2), Side * Side * Count), value => (short)(value / 2));
        var job = new FixedPooling(average: true, Side, Side, Count);
        var output = new short[values.Length];
        job.Run(values, output, 0, Side);
        for (var index = 0; index < output.Length; index++)
        {
            var (y, x, channel) = (index / Count / Side, index / Count % Side, index % Count);
            var window = from row in Enumerable.Range(y - 1, 3) from column in Enumerable.Range(x - 1, 3) where row is >= 0 and < Side && column is >= 0 and < Side select (int)values[(((row * Side) + column) * Count) + channel];
            Assert.InRange(output[index] - window.Average(), -3, 3);
        }
    }

    [Theory]
    [MemberData(nameof(AllSets))]
    public void FixedSigns_EveryWidth_GiveTheBitsOfTheRealNumbers(InstructionSet set) => Assert.All(Channels, channels =>
    {
        const int Rows = 3, Width = 5;
        var random = new Random(channels);
        var exponent = random.Next(-3, 16);
        var rules = RandomRules(random, channels);
        var values = Shorts(random, Rows * Width * channels);
        var job = new FixedSigns(rules, exponent, set);
        Assert.Equal((set, channels), (job.Set, job.Channels));
        using var input = new GuardedMemory<short>(values);
        using var output = new GuardedMemory<ulong>(new BitShape(Rows, Width, channels).WordCount);
        job.Run(input.Span, output.Span, Rows, Width);
        Assert.Equal(Bits(values, rules, exponent, Rows, Width), output.Span.ToArray());
    });

    [Theory]
    [MemberData(nameof(AllSets))]
    public void FixedSum_OfAnyLength_EqualsPlainLoops(InstructionSet set)
    {
        foreach (var length in Channels)
        {
            for (var shift = 0; shift <= 18; shift++)
            {
                var random = new Random(length);
                var (first, second) = (Shorts(random, length), Shorts(random, length));
                using var total = new GuardedMemory<short>(length);
                FixedSum.Shift(first, total.Span, shift, set);
                Assert.Equal(Array.ConvertAll(first, value => (short)Divided(value, shift)), total.Span.ToArray());
                FixedSum.Add(total.Span, second, shift, set);
                Assert.Equal(first.Zip(second, (a, b) => Saturated(Divided(a, shift) + Divided(b, shift))), total.Span.ToArray());
            }
        }
    }

    [Fact]
    public void FixedCast_ThereAndBack_RoundsToTheNearestAndSaturates()
    {
        foreach (var length in Channels)
        {
            var random = new Random(length);
            var values = Floats(random, length, 100);
            (values[0], values[length / 2], values[^1]) = (float.NaN, float.PositiveInfinity, -1e30f);
            using var input = new GuardedMemory<float>(values);
            using var numbers = new GuardedMemory<short>(length);
            using var back = new GuardedMemory<float>(length);
            FixedCast.ToFixed(input.Span, numbers.Span, 9);
            FixedCast.ToFloat(numbers.Span, back.Span, 9);
            for (var i = 0; i < length; i++)
            {
                var expected = float.IsNaN(values[i]) ? -short.MaxValue : Math.Clamp(Math.Round(values[i] * 512.0, MidpointRounding.ToEven), -short.MaxValue, short.MaxValue);
                Assert.Equal(expected, numbers.Span[i]);
                Assert.Equal((float)(expected / 512), back.Span[i]);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(70_000)]
    public void FixedCast_OfAMean_IsTheRoundedMean(int pixels)
    {
        const int Count = 37;
        var values = pixels == 70_000 ? [.. Enumerable.Repeat(short.MaxValue, pixels * Count)] : Shorts(new(pixels), pixels * Count);
        var output = new float[Count];
        FixedCast.Mean(values, output, pixels, 5);
        for (var channel = 0; channel < Count; channel++)
        {
            var sum = Enumerable.Range(0, pixels).Sum(pixel => (long)values[(pixel * Count) + channel]);
            Assert.Equal((float)(sum / (32.0 * pixels)), output[channel]);
        }
    }

    private static short[] Plain(FixedEpilogueParts parts, FixedExponents exponents, short[] sums, short[]? shortcut, int part, short[]? addend)
    {
        var result = new short[sums.Length];
        for (var index = 0; index < sums.Length; index++)
        {
            var (pixel, channel) = (index / parts.Channels, index % parts.Channels);
            var value = Math.Clamp((int)Saturated(sums[index] + parts.Centre[channel]), -parts.Limit[channel], parts.Limit[channel]) * parts.Factor[channel];
            value = Saturated(Rounded(value, parts.Multiplier[channel]) + parts.Bias[channel]);
            value = shortcut is null ? value : Saturated(value + Divided(shortcut[(pixel * part) + (channel % part)], exponents.Shortcut!.Value - exponents.Output));
            if (parts.Slope is not null && value < 0)
            {
                value = Rounded(value, parts.Slope[channel]);
                for (var doubling = 0; doubling < parts.Doublings; doubling++)
                {
                    value = Saturated(2 * value);
                }
            }

            value = parts.Offset is null ? value : Saturated(value + parts.Offset[channel]);
            result[index] = Saturated(addend is null ? value : value + Divided(addend[index], exponents.Addend!.Value - exponents.Output));
        }

        return result;
    }

    private static short[] Pool(short[] values, bool average, int height, int width, int channels, int kernel, int stride, int lead, int outHeight, int outWidth)
    {
        var result = new short[outHeight * outWidth * channels];
        for (var index = 0; index < result.Length; index++)
        {
            var (y, x, channel) = ((index / channels / outWidth * stride) - lead, (index / channels % outWidth * stride) - lead, index % channels);
            int[] rows = [.. Enumerable.Range(y, kernel).Where(row => row >= 0 && row < height)];
            int[] columns = [.. Enumerable.Range(x, kernel).Where(column => column >= 0 && column < width)];
            var joined = columns.Select(column => Join(rows.Select(row => (int)values[(((row * width) + column) * channels) + channel]), rows.Length));
            result[index] = (short)Join(joined, columns.Length);
        }

        return result;

        int Join(IEnumerable<int> items, int count) => average
            ? items.Select(item => count == 1 ? item : Rounded(item, (short)Math.Round(32768.0 / count))).Aggregate((sum, item) => Saturated(sum + item))
            : items.Max();
    }

    private static int Rounded(int value, short factor) => (int)Math.Floor((((double)value * factor) / 32768) + 0.5);

    private static int Divided(int value, int shift) => shift == 0 ? value : (int)Math.Floor((value / Math.Pow(2, Math.Min(shift, 15))) + 0.5);

    private static short Saturated(int value) => (short)Math.Clamp(value, short.MinValue, short.MaxValue);

    private static short[] Shorts(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (short)(random.Next(8) == 0 ? random.Next(short.MinValue, short.MaxValue + 1) : random.Next(-700, 701)))];

    private static float[] Floats(Random random, int count, float range) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * range * 2))];

    private static FloatRule[] RandomRules(Random random, int channels) => [.. Enumerable.Range(0, channels).Select(_ => random.Next(8) switch
    {
        0 => FloatRule.Sign,
        1 => new(random.Next(2) == 0 ? float.NegativeInfinity : float.PositiveInfinity, random.Next(2) == 0),
        2 => new(random.Next(2) == 0 ? -1e20f : 1e20f, random.Next(2) == 0),
        _ => new FloatRule((float)(random.NextDouble() - 0.5), random.Next(2) == 0),
    })];

    private static ulong[] Bits(short[] values, FloatRule[] rules, int exponent, int rows, int width)
    {
        var map = new BitMap(new(rows, width, rules.Length));
        for (var index = 0; index < values.Length; index++)
        {
            var (pixel, channel) = (index / rules.Length, index % rules.Length);
            map[pixel / width, pixel % width, channel] = rules[channel].Apply((float)(values[index] * Math.Pow(2, -exponent)));
        }

        return map.Words;
    }
}
