using System.Runtime.CompilerServices;

namespace DcpNas.Runtime.Kernels;

/// <summary>Checks what callers hand to kernels, which go on with bare pointers.</summary>
internal static class Bounds
{
    /// <summary>Throws where a span is shorter than a kernel needs.</summary>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public static void AtLeast(int length, long needed, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length < needed)
        {
            throw new ArgumentException($"{name} must be at least {needed}, got {length}.");
        }
    }

    /// <summary>Throws where a list does not have one entry per channel.</summary>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public static void Exactly(int length, long needed, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length != needed)
        {
            throw new ArgumentException($"{name} must be {needed}, got {length}.");
        }
    }

    /// <summary>Throws where rows lie outside of a map.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all inside.</exception>
    public static void Rows(int firstRow, int rowCount, int height)
    {
        if (firstRow < 0 || rowCount < 0 || firstRow > height - rowCount)
        {
            throw new ArgumentOutOfRangeException(nameof(firstRow), $"rows must lie in 0..{height - 1}, got {rowCount} from {firstRow}.");
        }
    }
}
