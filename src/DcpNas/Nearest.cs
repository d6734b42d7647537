namespace DcpNas;

/// <summary>Finds the known name that a misspelled one was probably meant to be.</summary>
public static class Nearest
{
    /// <summary>The known name with the smallest edit distance, case ignored; the first of equal ones.</summary>
    public static string Of(string name, IEnumerable<string> known) => known.MinBy(candidate => SearchSpace.GenotypeRules.Distance(name, candidate))!;
}
