using System.Globalization;

namespace DcpNas.Foundation;

/// <summary>The numbers that an option may have.</summary>
/// <param name="Least">The lower bound; NaN for none.</param>
/// <param name="Most">The upper bound; NaN for none.</param>
/// <param name="ExcludesLeast">Whether the lower bound itself is refused.</param>
/// <param name="ExcludesMost">Whether the upper bound itself is refused.</param>
/// <param name="IsFinite">Whether infinity is refused.</param>
public readonly record struct OptionRange(double Least, double Most, bool ExcludesLeast, bool ExcludesMost, bool IsFinite)
{
    /// <summary>Whether there is a lower bound.</summary>
    public bool HasLeast => !double.IsNaN(Least);

    /// <summary>Whether there is an upper bound.</summary>
    public bool HasMost => !double.IsNaN(Most);

    /// <summary>Whether a number is allowed; NaN is not where there is any bound.</summary>
    public bool Contains(double value) =>
        (!HasLeast || (ExcludesLeast ? value > Least : value >= Least)) && (!HasMost || (ExcludesMost ? value < Most : value <= Most)) && (!IsFinite || double.IsFinite(value));

    /// <summary>What a message says after "must be".</summary>
    /// <param name="isWhole">Whether the values are whole numbers.</param>
    /// <param name="reason">Why the value must not be less, or null.</param>
    public string Rule(bool isWhole, string? reason)
    {
        var because = reason is null ? "" : $" ({reason})";
        var (least, most) = (Text(Least), Text(Most));
        return (HasLeast, HasMost) switch
        {
            (true, true) when isWhole => $"from {least}{because} to {most}",
            (true, true) when !ExcludesLeast => $"in [{least}, {most}{(ExcludesMost ? ')' : ']')}",
            (true, true) => $"above {least} and {(ExcludesMost ? "below" : "at most")} {most}",
            (true, false) => $"{(ExcludesLeast ? "above" : "at least")} {least}{because}",
            _ => $"{(ExcludesMost ? "below" : "at most")} {most}",
        };
    }

    /// <summary>The range in the words of the help; empty where every number is allowed.</summary>
    public override string ToString()
    {
        var (least, most) = ($"{(ExcludesLeast ? "above " : "")}{Text(Least)}", $"{(ExcludesMost ? "below " : "")}{Text(Most)}");
        return (HasLeast, HasMost) switch
        {
            (true, true) => $"{least} to {most}",
            (true, false) => ExcludesLeast ? least : $"{least} or more",
            (false, true) => ExcludesMost ? most : $"at most {most}",
            _ => "",
        };
    }

    private static string Text(double bound) => bound.ToString(CultureInfo.InvariantCulture);
}
