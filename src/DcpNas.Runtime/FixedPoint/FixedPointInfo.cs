using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>What <see cref="NumericMode.Fast"/> needs: which multiple of a power of two each value is rounded to, found on images when the model was exported.</summary>
public sealed record FixedPointInfo
{
    /// <summary>The smallest exponent: steps of 2^15.</summary>
    public const int LeastExponent = -15;

    /// <summary>The largest exponent: steps of 2^-30.</summary>
    public const int MostExponent = 30;

    /// <summary>By node, of those whose value is real: numbers are stored as multiples of <c>2^-exponent</c>, of which 16 bits hold ±32767. Nodes that are not named stay float32.</summary>
    public required IReadOnlyDictionary<string, int> Exponents { get; init; }

    /// <summary>How many images the exponents were found on.</summary>
    public required long CalibrationImages { get; init; }

    /// <summary>How near the results were to those of <see cref="NumericMode.Exact"/>, measured on other images.</summary>
    public required FixedPointAgreement Agreement { get; init; }

    /// <summary>Checks the information against its graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <exception cref="ModelFaultException">It does not fit.</exception>
    internal void Check(ModelGraph graph)
    {
        const string Place = "the fixed-point numbers";
        var real = graph.Nodes.Where(node => graph.ShapeOf(node.Name).Kind == ValueKind.Real).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (node, exponent) in Exponents)
        {
            if (!real.Contains(node))
            {
                throw new ModelFaultException(Place, "names of nodes whose value is real", $"'{node}'");
            }

            NodeCheck.Range(Place, $"an exponent of '{node}'", exponent, LeastExponent, MostExponent);
        }

        NodeCheck.Range(Place, "calibration images", CalibrationImages, 1, long.MaxValue);
        Agreement.Check(Place);
    }
}
