using DcpNas.Operators.Kernels;

namespace DcpNas.Tests.Operators;

/// <summary>Kernels give the same bits with registers of 8 and of 16 floats, on every processor: both run everywhere, fast where they are in hardware.</summary>
public sealed unsafe class LanesTests
{
    private static readonly float[] Special = [0f, -0f, 1f, -1f, 0.25f, -3.5f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, 1e30f, -1e-30f, 2f, 7f, -7f, 0.5f];

    public static TheoryData<string> Operations => [.. Results<Lanes8>(Special, Special).Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operation_OfEightLanes_EqualsThatOfSixteen(string operation)
    {
        foreach (var shift in Enumerable.Range(0, Special.Length))
        {
            float[] other = [.. Special[shift..], .. Special[..shift]];
            Assert.Equal(Results<Lanes16>(Special, other)[operation], Results<Lanes8>(Special, other)[operation]);
        }
    }

    [Fact]
    public void Operation_OfAKnownValue_IsRight()
    {
        var results = Results<Lanes8>([3f, -2f, float.NaN, 0f, 1f, 1f, 1f, 1f], [2f, 2f, 2f, 2f, 1f, 1f, 1f, 1f]);
        Assert.Equal(new[] { 5f, 0f, float.NaN, 2f }, Floats(results["add"])[..4]);
        Assert.Equal(new[] { 9f, -6f, float.NaN, 0f }, Floats(results["fma"])[..4]); // a b + a
        Assert.Equal(new uint[] { uint.MaxValue, 0, 0, 0 }, results["greater"][..4]);
        Assert.Equal(new uint[] { 0, 0, uint.MaxValue, 0 }, results["nan"][..4]);
        Assert.Equal(new[] { 3f, 2f, 2f, 2f }, Floats(results["select"])[..4]); // the first where it is greater, else the second
    }

    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(8, 5, 32)]
    [InlineData(19, 12, 48)]
    [InlineData(33, 36, 80)]
    public void RowProduct_OfEightLanes_EqualsThatOfSixteen(int rows, int depth, int width)
    {
        float[] x = Random(rows * depth, 1), b = Random(depth * width, 2), narrow = new float[rows * width], wide = new float[rows * width];
        fixed (float* px = x, pb = b, pn = narrow, pw = wide)
        {
            RowProduct.Multiply<Lanes8>(px, pb, pn, rows, depth, width);
            RowProduct.Multiply<Lanes16>(px, pb, pw, rows, depth, width);
        }

        Assert.Equal(wide, narrow);
        Assert.Equal(Enumerable.Range(0, depth).Sum(k => (double)x[((rows - 1) * depth) + k] * b[(k * width) + width - 1]), narrow[^1], 1e-4);

        float[] gradient = Random(rows * depth, 3), samples = Random(rows * width, 4), narrowSums = Random(depth * width, 5), wideSums = [.. narrowSums];
        var before = narrowSums[^1];
        fixed (float* pg = gradient, ps = samples, pn = narrowSums, pw = wideSums)
        {
            RowProduct.AddTransposed<Lanes8>(pg, ps, pn, rows, depth, width);
            RowProduct.AddTransposed<Lanes16>(pg, ps, pw, rows, depth, width);
        }

        Assert.Equal(wideSums, narrowSums);
        Assert.Equal(before + Enumerable.Range(0, rows).Sum(r => (double)gradient[(r * depth) + depth - 1] * samples[(r * width) + width - 1]), narrowSums[^1], 1e-4);
    }

    [Theory]
    [InlineData(3, 1, 1, 16, 9)]
    [InlineData(5, 1, 2, 48, 12)]
    [InlineData(3, 2, 1, 32, 11)]
    [InlineData(7, 1, 1, 16, 8)]
    public void Depthwise_OfEightLanes_EqualsThatOfSixteen(int kernel, int dilation, int stride, int channels, int side)
    {
        Assert.Equal(0, channels % 16); // no register of either width reaches beyond a pixel
        var shape = new DepthwiseShape(1, channels, side, side, kernel, stride, dilation);
        float[] x = Random((int)shape.InputFloats, 1), g = Random((int)shape.OutputFloats, 2), weight = Random(kernel * kernel * shape.Padded, 3);
        float[] memory = new float[shape.ImageFloats], spreadMemory = new float[shape.ImageFloats];
        float[] narrow = new float[shape.OutputFloats], wide = new float[shape.OutputFloats], narrowSums = new float[weight.Length], wideSums = new float[weight.Length];
        fixed (float* px = x, pg = g, pw = weight, pm = memory, ps = spreadMemory, pn = narrow, pq = wide, pa = narrowSums, pb = wideSums)
        {
            var image = new PaddedImage(pm, side, side, channels, shape.Padding, 1);
            var spread = new PaddedImage(ps, side, side, channels, shape.Padding, stride);
            image.Fill(px, side, side);
            spread.Fill(pg, shape.OutputHeight, shape.OutputWidth);
            DepthwiseKernel.Convolve<Lanes8>(image, pw, pn, shape.OutputHeight, shape.OutputWidth, stride, shape);
            DepthwiseKernel.Convolve<Lanes16>(image, pw, pq, shape.OutputHeight, shape.OutputWidth, stride, shape);
            DepthwiseWeightGradient.Add<Lanes8>(image, spread, pa, shape);
            DepthwiseWeightGradient.Add<Lanes16>(image, spread, pb, shape);
        }

        Assert.Equal(wide, narrow);
        Assert.Equal(wideSums, narrowSums);
        Assert.Contains(narrow, value => value != 0);
        Assert.Contains(narrowSums, value => value != 0);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(199)]
    public void MixedSum_OfEightLanes_EqualsThatOfSixteen(int length)
    {
        float[] a = Random(length, 1), b = Random(length, 2), narrow = [.. b], wide = [.. b];
        fixed (float* pa = a, pb = b, pn = narrow, pw = wide)
        {
            MixedSumKernel.Accumulate<Lanes8>(0.3f, pa, pn, length, first: false);
            MixedSumKernel.Accumulate<Lanes16>(0.3f, pa, pw, length, first: false);
            Assert.Equal(MixedSumKernel.Dot16(pa, pb, length), MixedSumKernel.Dot8(pa, pb, length));
            Assert.Equal(a.Zip(b).Sum(pair => (double)pair.First * pair.Second), MixedSumKernel.Dot8(pa, pb, length), 1e-4);
        }

        Assert.Equal(wide, narrow);
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static float[] Floats(uint[] bits) => [.. bits.Select(BitConverter.UInt32BitsToSingle)];

    /// <summary>Bits of every operation on two lists of floats.</summary>
    private static Dictionary<string, uint[]> Results<TLanes>(float[] left, float[] right)
        where TLanes : struct, ILanes<TLanes> => new()
        {
            ["add"] = Each<TLanes>(left, right, (a, b) => a + b),
            ["subtract"] = Each<TLanes>(left, right, (a, b) => a - b),
            ["multiply"] = Each<TLanes>(left, right, (a, b) => a * b),
            ["negate"] = Each<TLanes>(left, right, (a, _) => -a),
            ["fma"] = Each<TLanes>(left, right, (a, b) => TLanes.FusedMultiplyAdd(a, b, a)),
            ["max"] = Each<TLanes>(left, right, TLanes.Max),
            ["abs"] = Each<TLanes>(left, right, (a, _) => TLanes.Abs(a)),
            ["greater"] = Each<TLanes>(left, right, TLanes.GreaterThan),
            ["greater or equal"] = Each<TLanes>(left, right, TLanes.GreaterThanOrEqual),
            ["less"] = Each<TLanes>(left, right, TLanes.LessThan),
            ["less or equal"] = Each<TLanes>(left, right, TLanes.LessThanOrEqual),
            ["nan"] = Each<TLanes>(left, right, (a, _) => TLanes.IsNaN(a)),
            ["equal bits"] = Each<TLanes>(left, right, TLanes.EqualBits),
            ["or"] = Each<TLanes>(left, right, TLanes.Or),
            ["select"] = Each<TLanes>(left, right, (a, b) => TLanes.Select(TLanes.GreaterThan(a, b), a, b)),
            ["constants"] = Each<TLanes>(left, right, (_, _) => TLanes.Create(3f) - TLanes.One + TLanes.Zero),
            ["bytes"] = Each<TLanes>(left, right, (a, b) => Bytes(TLanes.Max(a, b))),
        };

    private static TLanes Bytes<TLanes>(TLanes value)
        where TLanes : struct, ILanes<TLanes>
    {
        var bytes = stackalloc byte[16];
        value.StoreBytes(bytes);
        return TLanes.LoadBytes(bytes);
    }

    private static uint[] Each<TLanes>(float[] left, float[] right, Func<TLanes, TLanes, TLanes> operation)
        where TLanes : struct, ILanes<TLanes>
    {
        var result = new float[left.Length];
        fixed (float* a = left, b = right, target = result)
        {
            for (var i = 0; i < left.Length; i += TLanes.Count)
            {
                operation(TLanes.Load(a + i), TLanes.Load(b + i)).Store(target + i);
            }
        }

        return [.. result.Select(BitConverter.SingleToUInt32Bits)];
    }
}
