using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Elementwise activations with a slope per channel.</summary>
public static class Activation
{
    /// <summary><c>y = x</c> where <c>x &gt;= 0</c>, else <c>slope[c] x</c>.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="slope"><c>[C]</c>.</param>
    public static Tensor PRelu(Tensor input, Tensor slope) => nn.functional.prelu(input, slope);
}
