using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Reads a value of a workspace as numbers, channels innermost.</summary>
internal static class ValueReader
{
    public static void Read(Workspace memory, Slot slot, ValueShape shape, Span<float> destination)
    {
        switch (shape.Kind)
        {
            case ValueKind.Real when shape.Exponent is { } exponent:
                Kernels.Fixed.FixedCast.ToFloat(memory.Of<short>(slot), destination[..(int)shape.Elements], exponent);
                break;
            case ValueKind.Real:
                memory.Of<float>(slot).CopyTo(destination);
                break;
            case ValueKind.Sums when shape.ShortSums:
                var shorts = memory.Of<short>(slot);
                for (var i = 0; i < shorts.Length; i++)
                {
                    destination[i] = shorts[i];
                }

                break;
            case ValueKind.Sums:
                var ints = memory.Of<int>(slot);
                for (var i = 0; i < ints.Length; i++)
                {
                    destination[i] = ints[i];
                }

                break;
            default:
                ReadBits(memory.Of<ulong>(slot), shape, destination);
                break;
        }
    }

    private static void ReadBits(ReadOnlySpan<ulong> words, ValueShape shape, Span<float> destination)
    {
        var place = 0;
        for (var y = 0; y < shape.Height; y++)
        {
            for (var x = 0; x < shape.Width; x++)
            {
                for (var channel = 0; channel < shape.Channels; channel++)
                {
                    var word = words[(((y * shape.Blocks) + (channel / 64)) * shape.Width) + x];
                    destination[place++] = ((word >> (channel % 64)) & 1) == 0 ? 1 : -1;
                }
            }
        }
    }
}
