using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>How near the results of <see cref="NumericMode.Fast"/>, or of <see cref="NumericMode.Integer"/>, were to those of <see cref="NumericMode.Exact"/>.</summary>
/// <param name="Images">Images that were compared, at least 1.</param>
/// <param name="RelativeError">Root mean square of the differences of all outputs, divided by that of the exact outputs.</param>
/// <param name="SameClass">Share of the images whose most probable class is the same, 0 to 1; null where the model is no classifier.</param>
/// <param name="ExactTop1">Share of the images of whose label the exact mode is right, 0 to 1; null where there were no labels.</param>
/// <param name="FastTop1">Of the other mode, likewise.</param>
public sealed record FixedPointAgreement(long Images, double RelativeError, double? SameClass, double? ExactTop1 = null, double? FastTop1 = null)
{
    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ModelFaultException">One is out of its range.</exception>
    internal void Check(string place)
    {
        NodeCheck.Range(place, "images of the agreement", Images, 1, long.MaxValue);
        if (!(RelativeError >= 0 && double.IsFinite(RelativeError)))
        {
            throw new ModelFaultException(place, "a finite relative error of at least 0", $"{RelativeError}");
        }

        foreach (var (name, share) in ((string, double?)[])[("the same class", SameClass), ("exact_top1", ExactTop1), ("fast_top1", FastTop1)])
        {
            if (share is not null and not (>= 0 and <= 1))
            {
                throw new ModelFaultException(place, $"a share of {name} from 0 to 1", $"{share}");
            }
        }
    }
}
