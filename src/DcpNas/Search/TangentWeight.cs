using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>How strongly the tangent term <c>2 F (g_P - g_C)</c> enters the step of the Child's alpha: a constant factor, or a share of the step.</summary>
/// <param name="Lambda">The factor of DCP-NAS (4.32); null where a share is given.</param>
/// <param name="Share">The term's norm over the sum of its norm and that of g_C; in [0, 1).</param>
/// <remarks>
/// The paper's lambda has the units of g_C over F g: sums or means over the batch, the number of classes and the scale of alpha change what it does.
/// A share does not: the factor is found anew at every step from the norms of both terms, so that <c>||factor term|| = s / (1 - s) ||g_C||</c>.
/// </remarks>
public sealed record TangentWeight(double? Lambda, double Share)
{
    /// <summary>Leaves the tangent out: CP-NAS.</summary>
    public static TangentWeight None { get; } = new(null, 0);

    /// <summary>The constant factor of the paper.</summary>
    public static TangentWeight OfLambda(double lambda) => new(lambda, 0);

    /// <summary>A share of the step.</summary>
    public static TangentWeight OfShare(double share) => new(null, share);

    /// <summary>Whether the tangent takes part at all.</summary>
    public bool IsUsed => (Lambda ?? Share) != 0;

    /// <summary>The factor of the tangent term at a step.</summary>
    /// <param name="own">g_C.</param>
    /// <param name="term">The term before weighting.</param>
    /// <returns>0 where the term is zero: a direction that does not exist has no share.</returns>
    public double Factor(Tensor own, Tensor term)
    {
        if (Lambda is { } lambda)
        {
            return lambda;
        }

        var size = NormOf(term);
        return size == 0 ? 0 : Share / (1 - Share) * NormOf(own) / size;
    }

    /// <summary>The 2-norm in double precision.</summary>
    internal static double NormOf(Tensor vector)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return vector.detach().to(ScalarType.Float64).norm().ToDouble();
    }
}
