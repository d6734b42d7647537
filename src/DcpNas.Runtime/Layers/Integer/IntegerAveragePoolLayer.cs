using System.Numerics;
using System.Runtime.InteropServices;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>The mean of windows; pixels outside of the image are not counted.</summary>
internal sealed class IntegerAveragePoolLayer(ConvolutionGeometry geometry, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly bool _vectors = set != InstructionSet.Scalar;

    public override int Rows => output.Shape.Height;

    public override int ScratchBytes => sizeof(int) * output.Shape.Channels;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<short>(memory);
        var target = output.Rows<short>(memory, firstRow, rowCount);
        var channels = output.Shape.Channels;
        var sums = MemoryMarshal.Cast<byte, int>(scratch)[..channels];
        for (var pixel = 0; pixel < rowCount * output.Shape.Width; pixel++)
        {
            var (firstY, endY) = Covered(firstRow + (pixel / output.Shape.Width), input.Shape.Height);
            var (firstX, endX) = Covered(pixel % output.Shape.Width, input.Shape.Width);
            sums.Clear();
            for (var y = firstY; y < endY; y++)
            {
                for (var x = firstX; x < endX; x++)
                {
                    Add(source.Slice(((y * input.Shape.Width) + x) * channels, channels), sums);
                }
            }

            Divide(sums, Number16.Share((endY - firstY) * (endX - firstX)), target.Slice(pixel * channels, channels));
        }
    }

    private void Add(ReadOnlySpan<short> pixel, Span<int> sums)
    {
        var done = 0;
        if (_vectors)
        {
            for (; done <= sums.Length - Vector<short>.Count; done += Vector<short>.Count)
            {
                Vector.Widen(new Vector<short>(pixel[done..]), out var low, out var high);
                (new Vector<int>(sums[done..]) + low).CopyTo(sums[done..]);
                (new Vector<int>(sums[(done + Vector<int>.Count)..]) + high).CopyTo(sums[(done + Vector<int>.Count)..]);
            }
        }

        for (var channel = done; channel < sums.Length; channel++)
        {
            sums[channel] += pixel[channel];
        }
    }

    private void Divide(ReadOnlySpan<int> sums, int share, Span<short> target)
    {
        var done = 0;
        if (_vectors)
        {
            var (shares, half) = (new Vector<int>(share), new Vector<int>(1 << 14));
            for (; done <= sums.Length - Vector<short>.Count; done += Vector<short>.Count)
            {
                var low = ((new Vector<int>(sums[done..]) * shares) + half) >> 15;
                var high = ((new Vector<int>(sums[(done + Vector<int>.Count)..]) * shares) + half) >> 15;
                Vector.Narrow(Number16.Saturate(low), Number16.Saturate(high)).CopyTo(target[done..]);
            }
        }

        for (var channel = done; channel < sums.Length; channel++)
        {
            target[channel] = Number16.Saturate(((sums[channel] * share) + (1 << 14)) >> 15);
        }
    }

    private (int First, int End) Covered(int place, int size)
    {
        var start = geometry.FirstTap(place);
        return (Math.Max(start, 0), Math.Min(start + geometry.Kernel, size));
    }
}
