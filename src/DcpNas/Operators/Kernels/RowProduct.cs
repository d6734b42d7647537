using System.Runtime.Intrinsics;

namespace DcpNas.Operators.Kernels;

/// <summary>Small matrix products over many rows: <c>Y = X B</c> and <c>S += G^T X</c>, for matrices of some dozen columns.</summary>
internal static unsafe class RowProduct
{
    /// <summary><c>y[r, 0..n) = sum_k x[r, k] b[k, 0..n)</c>.</summary>
    /// <param name="x"><c>[rows, depth]</c>.</param>
    /// <param name="b"><c>[depth, width]</c>.</param>
    /// <param name="y"><c>[rows, width]</c>.</param>
    /// <param name="rows">Rows of x and y.</param>
    /// <param name="depth">Columns of x.</param>
    /// <param name="width">Columns of y, a multiple of the vector.</param>
    public static void Multiply(float* x, float* b, float* y, int rows, int depth, int width)
    {
        var row = 0;
        for (; row + 8 <= rows; row += 8)
        {
            var column = 0;
            for (; column + (2 * Chunks.Lanes) <= width; column += 2 * Chunks.Lanes)
            {
                EightByTwo(x + ((long)row * depth), b + column, y + ((long)row * width) + column, depth, width);
            }

            if (column < width)
            {
                EightByOne(x + ((long)row * depth), b + column, y + ((long)row * width) + column, depth, width);
            }
        }

        for (; row < rows; row++)
        {
            for (var column = 0; column < width; column += Chunks.Lanes)
            {
                OneByOne(x + ((long)row * depth), b + column, y + ((long)row * width) + column, depth, width);
            }
        }
    }

    /// <summary><c>s[d, 0..width) += sum_r g[r, d] x[r, 0..width)</c>.</summary>
    /// <param name="g"><c>[rows, outputs]</c>.</param>
    /// <param name="x"><c>[rows, width]</c>.</param>
    /// <param name="s"><c>[outputs, width]</c>.</param>
    /// <param name="rows">Rows of g and x.</param>
    /// <param name="outputs">Columns of g.</param>
    /// <param name="width">Columns of x, a multiple of the vector.</param>
    public static void AddTransposed(float* g, float* x, float* s, int rows, int outputs, int width)
    {
        for (var column = 0; column < width; column += Chunks.Lanes)
        {
            var output = 0;
            for (; output + 8 <= outputs; output += 8)
            {
                EightOuter(g + output, x + column, s + ((long)output * width) + column, rows, outputs, width);
            }

            for (; output < outputs; output++)
            {
                var target = s + ((long)output * width) + column;
                var sum = Vector512.Load(target);
                for (var row = 0L; row < rows; row++)
                {
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(g[(row * outputs) + output]), Vector512.Load(x + (row * width) + column), sum);
                }

                sum.Store(target);
            }
        }
    }

    private static void EightByTwo(float* x, float* b, float* y, int depth, int width)
    {
        Vector512<float> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = Vector512<float>.Zero;
        long d = depth;
        for (var k = 0; k < depth; k++)
        {
            var left = Vector512.Load(b);
            var right = Vector512.Load(b + Chunks.Lanes);
            var v = Vector512.Create(x[0]);
            a0 = Vector512.FusedMultiplyAdd(v, left, a0);
            b0 = Vector512.FusedMultiplyAdd(v, right, b0);
            v = Vector512.Create(x[d]);
            a1 = Vector512.FusedMultiplyAdd(v, left, a1);
            b1 = Vector512.FusedMultiplyAdd(v, right, b1);
            v = Vector512.Create(x[2 * d]);
            a2 = Vector512.FusedMultiplyAdd(v, left, a2);
            b2 = Vector512.FusedMultiplyAdd(v, right, b2);
            v = Vector512.Create(x[3 * d]);
            a3 = Vector512.FusedMultiplyAdd(v, left, a3);
            b3 = Vector512.FusedMultiplyAdd(v, right, b3);
            v = Vector512.Create(x[4 * d]);
            a4 = Vector512.FusedMultiplyAdd(v, left, a4);
            b4 = Vector512.FusedMultiplyAdd(v, right, b4);
            v = Vector512.Create(x[5 * d]);
            a5 = Vector512.FusedMultiplyAdd(v, left, a5);
            b5 = Vector512.FusedMultiplyAdd(v, right, b5);
            v = Vector512.Create(x[6 * d]);
            a6 = Vector512.FusedMultiplyAdd(v, left, a6);
            b6 = Vector512.FusedMultiplyAdd(v, right, b6);
            v = Vector512.Create(x[7 * d]);
            a7 = Vector512.FusedMultiplyAdd(v, left, a7);
            b7 = Vector512.FusedMultiplyAdd(v, right, b7);
            x++;
            b += width;
        }

        Store(y, width, a0, a1, a2, a3, a4, a5, a6, a7);
        Store(y + Chunks.Lanes, width, b0, b1, b2, b3, b4, b5, b6, b7);
    }

    private static void EightByOne(float* x, float* b, float* y, int depth, int width)
    {
        Vector512<float> a0, a1, a2, a3, a4, a5, a6, a7;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = Vector512<float>.Zero;
        long d = depth;
        for (var k = 0; k < depth; k++)
        {
            var left = Vector512.Load(b);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Create(x[0]), left, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Create(x[d]), left, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Create(x[2 * d]), left, a2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.Create(x[3 * d]), left, a3);
            a4 = Vector512.FusedMultiplyAdd(Vector512.Create(x[4 * d]), left, a4);
            a5 = Vector512.FusedMultiplyAdd(Vector512.Create(x[5 * d]), left, a5);
            a6 = Vector512.FusedMultiplyAdd(Vector512.Create(x[6 * d]), left, a6);
            a7 = Vector512.FusedMultiplyAdd(Vector512.Create(x[7 * d]), left, a7);
            x++;
            b += width;
        }

        Store(y, width, a0, a1, a2, a3, a4, a5, a6, a7);
    }

    private static void OneByOne(float* x, float* b, float* y, int depth, int width)
    {
        var sum = Vector512<float>.Zero;
        for (var k = 0; k < depth; k++)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Create(x[k]), Vector512.Load(b + ((long)k * width)), sum);
        }

        sum.Store(y);
    }

    private static void EightOuter(float* g, float* x, float* s, int rows, int outputs, int width)
    {
        long w = width;
        var a0 = Vector512.Load(s);
        var a1 = Vector512.Load(s + w);
        var a2 = Vector512.Load(s + (2 * w));
        var a3 = Vector512.Load(s + (3 * w));
        var a4 = Vector512.Load(s + (4 * w));
        var a5 = Vector512.Load(s + (5 * w));
        var a6 = Vector512.Load(s + (6 * w));
        var a7 = Vector512.Load(s + (7 * w));
        for (var row = 0; row < rows; row++)
        {
            var v = Vector512.Load(x);
            a0 = Vector512.FusedMultiplyAdd(Vector512.Create(g[0]), v, a0);
            a1 = Vector512.FusedMultiplyAdd(Vector512.Create(g[1]), v, a1);
            a2 = Vector512.FusedMultiplyAdd(Vector512.Create(g[2]), v, a2);
            a3 = Vector512.FusedMultiplyAdd(Vector512.Create(g[3]), v, a3);
            a4 = Vector512.FusedMultiplyAdd(Vector512.Create(g[4]), v, a4);
            a5 = Vector512.FusedMultiplyAdd(Vector512.Create(g[5]), v, a5);
            a6 = Vector512.FusedMultiplyAdd(Vector512.Create(g[6]), v, a6);
            a7 = Vector512.FusedMultiplyAdd(Vector512.Create(g[7]), v, a7);
            g += outputs;
            x += w;
        }

        Store(s, width, a0, a1, a2, a3, a4, a5, a6, a7);
    }

    private static void Store(
        float* y,
        long width,
        Vector512<float> a0,
        Vector512<float> a1,
        Vector512<float> a2,
        Vector512<float> a3,
        Vector512<float> a4,
        Vector512<float> a5,
        Vector512<float> a6,
        Vector512<float> a7)
    {
        a0.Store(y);
        a1.Store(y + width);
        a2.Store(y + (2 * width));
        a3.Store(y + (3 * width));
        a4.Store(y + (4 * width));
        a5.Store(y + (5 * width));
        a6.Store(y + (6 * width));
        a7.Store(y + (7 * width));
    }
}
