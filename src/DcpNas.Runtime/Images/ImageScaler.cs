using System.Runtime.CompilerServices;

namespace DcpNas.Runtime;

/// <summary>Scales images of 8-bit colours: bilinear, with a filter that widens where an image shrinks, so that every pixel counts (antialiasing).</summary>
/// <remarks>
/// <para><b>Forward.</b> First every row, then every column, by the same rule. With s input pixels to an output pixel and f = max(s, 1): output pixel i has its centre at c = (i + 0.5) s in the input; input pixel j, from
/// floor(c - f + 0.5) to below floor(c + f + 0.5) and in the image, has the weight max(0, 1 - |j - c + 0.5| / f), divided by the sum of these weights. Weights are rounded to multiples of 2^-22; the sum of weight times
/// pixel is rounded half up to 8 bits after the rows and again after the columns.</para>
/// <para><b>Exactness.</b> The same bytes on every machine; those of Pillow's <c>Image.resize(size, BILINEAR)</c>, on which torchvision's <c>Resize</c> stands for such images.</para>
/// </remarks>
public static class ImageScaler
{
    private const int Channels = 3;
    private const int Precision = 22;

    /// <summary>Scales an image, made upright, to a size, and writes a part of the result.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Columns of the whole result.</param>
    /// <param name="height">Rows of the whole result.</param>
    /// <param name="part">The part of the result that is written.</param>
    /// <param name="rgb">Receives red, green, blue of every pixel of the part, row by row.</param>
    /// <exception cref="ArgumentException">The part lies outside of the result, or the destination is too short.</exception>
    public static unsafe void Scale(DecodedImage image, int width, int height, ImagePart part, Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (part.Left < 0 || part.Top < 0 || part.Width < 1 || part.Height < 1 || part.Left > width - part.Width || part.Top > height - part.Height)
        {
            throw new ArgumentException($"The part must lie in {width} x {height} pixels, got {part}.", nameof(part));
        }

        var length = (long)part.Width * part.Height * Channels;
        if (rgb.Length < length)
        {
            throw new ArgumentException($"The destination must hold {length} bytes, got {rgb.Length}.", nameof(rgb));
        }

        var columns = new ScalingTaps(image.Width, width, part.Left, part.Width);
        var rows = new ScalingTaps(image.Height, height, part.Top, part.Height);
        var between = new byte[checked((rows.Last - rows.First) * part.Width * Channels)];
        fixed (byte* source = image.Pixels, middle = between, target = rgb)
        {
            Rows(image, source, columns, rows, middle);
            Columns(middle, rows, part.Width * Channels, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Rows(DecodedImage image, byte* source, ScalingTaps columns, ScalingTaps rows, byte* target)
    {
        var (start, alongX, alongY) = image.Places();
        var (red, green, blue) = image.Colours();
        for (var y = rows.First; y < rows.Last; y++)
        {
            var row = source + start + (y * alongY);
            for (var x = 0; x < columns.Count; x++, target += Channels)
            {
                var pixel = row + (columns.Starts[x] * alongX);
                var (r, g, b) = (1 << (Precision - 1), 1 << (Precision - 1), 1 << (Precision - 1));
                foreach (var weight in columns.WeightsOf(x))
                {
                    (r, g, b) = (r + (weight * pixel[red]), g + (weight * pixel[green]), b + (weight * pixel[blue]));
                    pixel += alongX;
                }

                (target[0], target[1], target[2]) = (Byte(r), Byte(g), Byte(b));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Columns(byte* source, ScalingTaps rows, int length, byte* target)
    {
        var sums = new int[length];
        for (var y = 0; y < rows.Count; y++, target += length)
        {
            Array.Fill(sums, 1 << (Precision - 1));
            var row = source + ((long)(rows.Starts[y] - rows.First) * length);
            foreach (var weight in rows.WeightsOf(y))
            {
                for (var i = 0; i < length; i++)
                {
                    sums[i] += weight * row[i];
                }

                row += length;
            }

            for (var i = 0; i < length; i++)
            {
                target[i] = Byte(sums[i]);
            }
        }
    }

    private static byte Byte(int sum) => (byte)int.Clamp(sum >> Precision, 0, 255);

    /// <summary>Which pixels of a line count how much for those of a scaled one.</summary>
    private sealed class ScalingTaps
    {
        private readonly int[] _weights;
        private readonly int[] _lengths;
        private readonly int _most;

        /// <summary>Computes the weights.</summary>
        /// <param name="from">Pixels of the line.</param>
        /// <param name="to">Pixels of the scaled line.</param>
        /// <param name="first">The first one that is wanted.</param>
        /// <param name="count">How many are.</param>
        public ScalingTaps(int from, int to, int first, int count)
        {
            var scale = (double)from / to;
            var reach = double.Max(scale, 1);
            _most = ((int)double.Ceiling(reach) * 2) + 1;
            (Starts, _lengths, _weights) = (new int[count], new int[count], new int[checked(count * _most)]);
            Span<double> shares = _most <= 512 ? stackalloc double[_most] : new double[_most];
            for (var i = 0; i < count; i++)
            {
                var centre = (first + i + 0.5) * scale;
                var start = int.Max((int)(centre - reach + 0.5), 0);
                var end = int.Min((int)(centre + reach + 0.5), from);
                var total = 0.0;
                for (var j = start; j < end; j++)
                {
                    var distance = double.Abs((j - centre + 0.5) * (1 / reach));
                    shares[j - start] = distance < 1 ? 1 - distance : 0;
                    total += shares[j - start];
                }

                (Starts[i], _lengths[i]) = (start, end - start);
                for (var j = 0; j < end - start; j++)
                {
                    _weights[(i * _most) + j] = (int)(0.5 + (shares[j] / total * (1 << Precision)));
                }
            }

            (First, Last) = (Starts[0], Starts[^1] + _lengths[^1]);
        }

        /// <summary>Pixels of the scaled line that are wanted.</summary>
        public int Count => Starts.Length;

        /// <summary>The first pixel that counts, for each.</summary>
        public int[] Starts { get; }

        /// <summary>The first pixel that counts for any.</summary>
        public int First { get; }

        /// <summary>The pixel behind the last that counts for any.</summary>
        public int Last { get; }

        public ReadOnlySpan<int> WeightsOf(int pixel) => _weights.AsSpan(pixel * _most, _lengths[pixel]);
    }
}

/// <summary>A rectangle of pixels.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct ImagePart(int Left, int Top, int Width, int Height);
