using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>How far the Child's tangent direction is from the Parent's: DCP-NAS (4.31) and its Table 4.4.</summary>
public enum DistanceKind
{
    /// <summary><c>D = || g_P - g_C ||_F^2</c>, the paper's choice.</summary>
    Frobenius,

    /// <summary><c>D = || g_P - g_C ||_1</c>.</summary>
    L1,

    /// <summary><c>D = 1 - cos(g_P, g_C)</c>.</summary>
    Cosine,
}

/// <summary>Values and derivatives of the discrepancy D between two tangent directions, taken over all architecture parameters as one vector.</summary>
public static class Distance
{
    /// <summary>D.</summary>
    /// <param name="kind">Which distance.</param>
    /// <param name="parent">g_P, one vector.</param>
    /// <param name="child">g_C, of the same length.</param>
    public static Tensor Value(DistanceKind kind, Tensor parent, Tensor child)
    {
        using var scope = NewDisposeScope();
        var value = kind switch
        {
            DistanceKind.Frobenius => (parent - child).square().sum(),
            DistanceKind.L1 => (parent - child).abs().sum(),
            DistanceKind.Cosine => 1 - CosineOf(parent, child),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        return value.MoveToOuterDisposeScope();
    }

    /// <summary><c>dD / d g_C</c>: 2 (g_C - g_P), sign(g_C - g_P), or (cos g_C / |g_C| - g_P / |g_P|) / |g_C|.</summary>
    public static Tensor Derivative(DistanceKind kind, Tensor parent, Tensor child)
    {
        using var scope = NewDisposeScope();
        var value = kind switch
        {
            DistanceKind.Frobenius => (child - parent) * 2,
            DistanceKind.L1 => (child - parent).sign(),
            DistanceKind.Cosine => CosineDerivative(parent, child),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>The cosine of the angle between two directions; 0 where one of them is zero.</summary>
    public static Tensor CosineOf(Tensor parent, Tensor child)
    {
        using var scope = NewDisposeScope();
        return (parent.dot(child) / (parent.norm() * child.norm()).clamp_min(1e-30)).MoveToOuterDisposeScope();
    }

    private static Tensor CosineDerivative(Tensor parent, Tensor child)
    {
        var length = child.norm().clamp_min(1e-30);
        var towards = parent / parent.norm().clamp_min(1e-30);
        return ((child / length * CosineOf(parent, child)) - towards) / length;
    }
}
