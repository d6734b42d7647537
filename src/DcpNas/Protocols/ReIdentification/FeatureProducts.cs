using System.Runtime.Intrinsics;

namespace DcpNas.Protocols.ReIdentification;

/// <summary>Inner products of features.</summary>
/// <remarks>
/// A product is the sum of fused multiply-adds in single precision, in the order of the dimensions; after every <see cref="Chunk"/> of them the sum goes into one of
/// double precision. Each pair of features has its own sum, so every vector width, block and thread gives the same bits. Exact while all sums of a chunk are multiples of a power of
/// two below 2^24 of it; else the relative error is of the order of 1e-7 of the lengths.
/// </remarks>
internal static unsafe class FeatureProducts
{
    /// <summary>Dimensions that are summed in single precision.</summary>
    public const int Chunk = 256;

    /// <summary>Features of one side that a tile multiplies.</summary>
    public const int TileRows = 4;

    /// <summary>Features of the other side; a panel holds so many, dimension by dimension.</summary>
    public const int TileColumns = 64;

    /// <summary>One product.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var product = 0.0;
        for (var start = 0; start < a.Length; start += Chunk)
        {
            var sum = 0f;
            var end = Math.Min(start + Chunk, a.Length);
            for (var d = start; d < end; d++)
            {
                sum = MathF.FusedMultiplyAdd(a[d], b[d], sum);
            }

            product += sum;
        }

        return product;
    }

    /// <summary>Writes the features of a panel dimension by dimension; columns that there are not become 0.</summary>
    /// <param name="rows">Where the features are.</param>
    /// <param name="first">The first one.</param>
    /// <param name="count">At most <see cref="TileColumns"/>.</param>
    /// <param name="panel">Room for <c>Dimensions * TileColumns</c> numbers.</param>
    public static void Pack(FeatureRows rows, int first, int count, Span<float> panel)
    {
        if (count < TileColumns)
        {
            panel.Clear();
        }

        for (var column = 0; column < count; column++)
        {
            var feature = rows[first + column];
            for (var d = 0; d < feature.Length; d++)
            {
                panel[(d * TileColumns) + column] = feature[d];
            }
        }
    }

    /// <summary>Adds the products of four features and a panel, over one chunk of dimensions.</summary>
    /// <param name="q0">The first feature, from the first dimension of the chunk on.</param>
    /// <param name="q1">The second one.</param>
    /// <param name="q2">The third one.</param>
    /// <param name="q3">The fourth one.</param>
    /// <param name="panel">The panel, from the same dimension on.</param>
    /// <param name="dimensions">Dimensions of the chunk.</param>
    /// <param name="products">Sums, <c>[TileRows, stride]</c>.</param>
    /// <param name="stride">From one row of sums to the next.</param>
    public static void AddTile(float* q0, float* q1, float* q2, float* q3, float* panel, int dimensions, double* products, int stride)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddTile512(q0, q1, q2, q3, panel, dimensions, products, stride);
            return;
        }

        for (var column = 0; column < TileColumns; column += 2 * Vector256<float>.Count)
        {
            AddTile256(q0, q1, q2, q3, panel + column, dimensions, products + column, stride);
        }
    }

    /// <summary>Four features by all 64 columns.</summary>
    internal static void AddTile512(float* q0, float* q1, float* q2, float* q3, float* panel, int dimensions, double* products, int stride)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        for (var d = 0; d < dimensions; d++)
        {
            var x0 = Vector512.Load(panel);
            var x1 = Vector512.Load(panel + 16);
            var x2 = Vector512.Load(panel + 32);
            var x3 = Vector512.Load(panel + 48);
            var q = Vector512.Create(q0[d]);
            a0 = Vector512.FusedMultiplyAdd(q, x0, a0);
            a1 = Vector512.FusedMultiplyAdd(q, x1, a1);
            a2 = Vector512.FusedMultiplyAdd(q, x2, a2);
            a3 = Vector512.FusedMultiplyAdd(q, x3, a3);
            q = Vector512.Create(q1[d]);
            b0 = Vector512.FusedMultiplyAdd(q, x0, b0);
            b1 = Vector512.FusedMultiplyAdd(q, x1, b1);
            b2 = Vector512.FusedMultiplyAdd(q, x2, b2);
            b3 = Vector512.FusedMultiplyAdd(q, x3, b3);
            q = Vector512.Create(q2[d]);
            c0 = Vector512.FusedMultiplyAdd(q, x0, c0);
            c1 = Vector512.FusedMultiplyAdd(q, x1, c1);
            c2 = Vector512.FusedMultiplyAdd(q, x2, c2);
            c3 = Vector512.FusedMultiplyAdd(q, x3, c3);
            q = Vector512.Create(q3[d]);
            d0 = Vector512.FusedMultiplyAdd(q, x0, d0);
            d1 = Vector512.FusedMultiplyAdd(q, x1, d1);
            d2 = Vector512.FusedMultiplyAdd(q, x2, d2);
            d3 = Vector512.FusedMultiplyAdd(q, x3, d3);
            panel += TileColumns;
        }

        Store(products, a0, a1, a2, a3);
        Store(products + stride, b0, b1, b2, b3);
        Store(products + (2 * stride), c0, c1, c2, c3);
        Store(products + (3 * stride), d0, d1, d2, d3);

        static void Store(double* to, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
        {
            Add(to, v0);
            Add(to + 16, v1);
            Add(to + 32, v2);
            Add(to + 48, v3);
        }

        static void Add(double* to, Vector512<float> sums)
        {
            var (low, high) = Vector512.Widen(sums);
            (Vector512.Load(to) + low).Store(to);
            (Vector512.Load(to + 8) + high).Store(to + 8);
        }
    }

    /// <summary>Four features by 16 columns of a panel.</summary>
    internal static void AddTile256(float* q0, float* q1, float* q2, float* q3, float* panel, int dimensions, double* products, int stride)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var d = 0; d < dimensions; d++)
        {
            var x0 = Vector256.Load(panel);
            var x1 = Vector256.Load(panel + 8);
            var q = Vector256.Create(q0[d]);
            a0 = Vector256.FusedMultiplyAdd(q, x0, a0);
            a1 = Vector256.FusedMultiplyAdd(q, x1, a1);
            q = Vector256.Create(q1[d]);
            b0 = Vector256.FusedMultiplyAdd(q, x0, b0);
            b1 = Vector256.FusedMultiplyAdd(q, x1, b1);
            q = Vector256.Create(q2[d]);
            c0 = Vector256.FusedMultiplyAdd(q, x0, c0);
            c1 = Vector256.FusedMultiplyAdd(q, x1, c1);
            q = Vector256.Create(q3[d]);
            d0 = Vector256.FusedMultiplyAdd(q, x0, d0);
            d1 = Vector256.FusedMultiplyAdd(q, x1, d1);
            panel += TileColumns;
        }

        Store(products, a0, a1);
        Store(products + stride, b0, b1);
        Store(products + (2 * stride), c0, c1);
        Store(products + (3 * stride), d0, d1);

        static void Store(double* to, Vector256<float> v0, Vector256<float> v1)
        {
            Add(to, v0);
            Add(to + 8, v1);
        }

        static void Add(double* to, Vector256<float> sums)
        {
            var (low, high) = Vector256.Widen(sums);
            (Vector256.Load(to) + low).Store(to);
            (Vector256.Load(to + 4) + high).Store(to + 4);
        }
    }
}
