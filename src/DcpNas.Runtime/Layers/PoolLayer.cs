using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Maximum or mean of a window.</summary>
internal sealed class PoolLayer(PoolNode node, Operand input, Operand output) : Layer
{
    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<float>(memory);
        var target = output.Rows<float>(memory, firstRow, rowCount);
        var (geometry, channels) = (node.Geometry, output.Shape.Channels);
        for (var pixel = 0; pixel < rowCount * output.Shape.Width; pixel++)
        {
            var (top, left) = (geometry.FirstTap(firstRow + (pixel / output.Shape.Width)), geometry.FirstTap(pixel % output.Shape.Width));
            var (firstY, endY) = (int.Max(top, 0), int.Min(top + geometry.Kernel, input.Shape.Height));
            var (firstX, endX) = (int.Max(left, 0), int.Min(left + geometry.Kernel, input.Shape.Width));
            var values = target.Slice(pixel * channels, channels);
            source.Slice(((firstY * input.Shape.Width) + firstX) * channels, channels).CopyTo(values);
            for (var tap = 1; tap < (endY - firstY) * (endX - firstX); tap++)
            {
                var (y, x) = (firstY + (tap / (endX - firstX)), firstX + (tap % (endX - firstX)));
                Take(source.Slice(((y * input.Shape.Width) + x) * channels, channels), values);
            }

            if (!node.IsMaximum)
            {
                float count = (endY - firstY) * (endX - firstX);
                foreach (ref var value in values)
                {
                    value /= count;
                }
            }
        }
    }

    private void Take(ReadOnlySpan<float> pixel, Span<float> values)
    {
        for (var channel = 0; channel < values.Length; channel++)
        {
            values[channel] = !node.IsMaximum ? values[channel] + pixel[channel] : pixel[channel] > values[channel] ? pixel[channel] : values[channel];
        }
    }
}
