namespace DcpNas;

/// <summary>Finds the known name that a misspelled one was probably meant to be.</summary>
public static class Nearest
{
    /// <summary>The known name with the smallest edit distance, case ignored; the first of equal ones.</summary>
    public static string Of(string name, IEnumerable<string> known) => known.MinBy(candidate => SearchSpace.GenotypeRules.Distance(name, candidate))!;

    /// <summary>" Did you mean 'x'?" where a known name is near enough to be a likely meaning, else nothing.</summary>
    /// <remarks>Near: at most a third of the longer name differs, or two characters of a short one, but never all of what was written.</remarks>
    public static string Hint(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        var nearest = Of(name, known);
        var distance = SearchSpace.GenotypeRules.Distance(name, nearest);
        return distance < name.Length && distance <= Math.Max(2, Math.Max(name.Length, nearest.Length) / 3) ? $" Did you mean '{nearest}'?" : "";
    }
}
