using static TorchSharp.torch;

namespace DcpNas.Networks.Layers;

/// <summary>Leaves paths of a network out at random while it is trained: DARTS, arXiv:1806.09055, after arXiv:1605.07648.</summary>
internal static class DropPath
{
    /// <summary>Zero for a sample with the probability, else the value divided by 1 - p, so that the mean stays. At 0 the value itself.</summary>
    /// <param name="value"><c>[N, C, H, W]</c>.</param>
    /// <param name="probability">In [0, 1). Drawn from the global generator of torch.</param>
    public static Tensor Of(Tensor value, double probability)
    {
        if (probability == 0)
        {
            return value;
        }

        using var scope = NewDisposeScope();
        var keep = 1 - probability;
        var mask = empty([value.shape[0], 1, 1, 1], value.dtype, value.device).bernoulli_(keep).div_(keep);
        return (value * mask).MoveToOuterDisposeScope();
    }
}
