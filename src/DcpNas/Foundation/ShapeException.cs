using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>A tensor does not have the shape that a layer or a file requires.</summary>
public sealed class ShapeException : ArgumentException
{
    private ShapeException(string message, string parameter)
        : base(message, parameter)
    {
    }

    /// <summary>Throws unless <paramref name="tensor"/> has the given sizes; -1 accepts any size.</summary>
    /// <param name="tensor">The tensor to check.</param>
    /// <param name="role">What the tensor is, for the message: "stem input", "logits".</param>
    /// <param name="expected">One size per dimension.</param>
    /// <exception cref="ShapeException">The rank or a fixed size differs.</exception>
    public static void ThrowIfNot(Tensor tensor, string role, params ReadOnlySpan<long> expected)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var matches = tensor.dim() == expected.Length;
        for (var i = 0; matches && i < expected.Length; i++)
        {
            matches = expected[i] == -1 || expected[i] == tensor.size(i); // one by one: the array of all costs ten times as much
        }

        if (!matches)
        {
            throw new ShapeException($"{role} must have shape {Format(expected)}, got {Format(tensor.shape)}.", nameof(tensor));
        }
    }

    /// <summary>Throws unless <paramref name="tensor"/> has the sizes of another.</summary>
    /// <param name="tensor">The tensor to check.</param>
    /// <param name="role">What the tensor is, for the message.</param>
    /// <param name="other">The one to be like.</param>
    /// <exception cref="ShapeException">The rank or a size differs.</exception>
    public static void ThrowIfUnlike(Tensor tensor, string role, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(other);
        Span<long> expected = stackalloc long[(int)other.dim()];
        for (var i = 0; i < expected.Length; i++)
        {
            expected[i] = other.size(i);
        }

        ThrowIfNot(tensor, role, expected);
    }

    private static string Format(ReadOnlySpan<long> shape)
    {
        var parts = new string[shape.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            parts[i] = shape[i] == -1 ? "*" : $"{shape[i]}";
        }

        return $"[{string.Join(", ", parts)}]";
    }
}
