using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DcpNas.Operators.Kernels;

/// <summary>One sample in scratch memory <c>[H, W + 2 padding, padded C]</c>, its margins zero.</summary>
/// <param name="pixels">Address of the memory.</param>
/// <param name="height">Rows.</param>
/// <param name="width">Columns without margins.</param>
/// <param name="channels">Channels of the source.</param>
/// <param name="padding">Columns of zeros at each side.</param>
/// <param name="spread">Distance in pixels of the source's pixels: the stride, when a gradient is laid on the grid of the input.</param>
internal readonly unsafe struct PaddedImage(float* pixels, int height, int width, int channels, int padding, int spread)
{
    public readonly int Height = height;
    private readonly int _padded = Chunks.RoundUp(channels);
    private readonly int _rowFloats = (width + (2 * padding)) * Chunks.RoundUp(channels);

    /// <summary>Address of channel 0 at a row and a column counted from the left margin's first pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // a call would put the sums of the loop around it to memory
    public float* At(int row, int column) => pixels + ((long)row * _rowFloats) + (column * _padded);

    public void ClearAll() => NativeMemory.Clear(pixels, (nuint)((long)Height * _rowFloats) * sizeof(float));

    /// <summary>Clears what <see cref="Fill"/> leaves alone: the margins and, where there are any, the padding channels.</summary>
    public void ClearMargins()
    {
        if (_padded != channels)
        {
            ClearAll();
            return;
        }

        var margin = (nuint)(padding * _padded) * sizeof(float);
        for (var row = 0; row < Height; row++)
        {
            NativeMemory.Clear(At(row, 0), margin);
            NativeMemory.Clear(At(row, padding + width), margin);
        }
    }

    /// <summary>Copies a sample <c>[rows, columns, C]</c> to every <c>spread</c>-th pixel.</summary>
    public void Fill(float* source, int rows, int columns)
    {
        var pixelBytes = (nuint)channels * sizeof(float);
        for (var row = 0; row < rows; row++)
        {
            var target = At(row * spread, padding);
            if (spread == 1 && _padded == channels)
            {
                NativeMemory.Copy(source, target, pixelBytes * (nuint)columns);
                source += (long)columns * channels;
                continue;
            }

            for (var column = 0; column < columns; column++)
            {
                NativeMemory.Copy(source, target, pixelBytes);
                source += channels;
                target += spread * _padded;
            }
        }
    }

    /// <summary>Copies pixels <c>[count, padded C]</c> to <c>[count, C]</c>.</summary>
    public static void DropChannelPadding(float* source, float* target, int count, int channels, int padded)
    {
        for (var pixel = 0; pixel < count; pixel++)
        {
            NativeMemory.Copy(source + ((long)pixel * padded), target + ((long)pixel * channels), (nuint)channels * sizeof(float));
        }
    }
}
