using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Keeps a second network at the exponential average of the first one's weights and statistics.</summary>
/// <remarks>
/// After step t (from 1): <c>average = d average + (1 - d) weights</c> with <c>d = min(decay, (1 + t) / (10 + t))</c>, so that the start, which is
/// far from any good network, is soon forgotten. Running statistics are averaged like weights.
/// </remarks>
public static class WeightAverage
{
    /// <summary>The share of the old average at a step.</summary>
    /// <param name="decay">In [0, 1).</param>
    /// <param name="step">From 1.</param>
    public static double DecayAt(double decay, long step) => Math.Min(decay, (1.0 + step) / (10.0 + step));

    /// <summary>Moves the average towards the network.</summary>
    /// <param name="average">Of the same structure.</param>
    /// <param name="network">What was stepped.</param>
    /// <param name="decay">In [0, 1).</param>
    /// <param name="step">Steps so far, from 1.</param>
    public static void Update(nn.Module average, nn.Module network, double decay, long step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var share = DecayAt(decay, step);
        foreach (var (old, current) in Pairs(average, network))
        {
            if (old.is_floating_point())
            {
                old.mul_(share).add_(current, alpha: 1 - share);
            }
            else
            {
                old.copy_(current);
            }
        }
    }

    /// <summary>Makes one network equal to another of the same structure.</summary>
    public static void Copy(nn.Module target, nn.Module source)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (to, from) in Pairs(target, source))
        {
            to.copy_(from);
        }
    }

    private static List<(Tensor, Tensor)> Pairs(nn.Module first, nn.Module second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var state = ModuleState.Of(second);
        return [.. ModuleState.Of(first).Select(pair => (pair.Value, state[pair.Key]))];
    }
}
