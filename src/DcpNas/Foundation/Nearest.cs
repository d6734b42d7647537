namespace DcpNas.Foundation;

/// <summary>Finds the known name that a misspelled one was probably meant to be.</summary>
public static class Nearest
{
    /// <summary>The known name with the smallest edit distance, case ignored; the first of equal ones.</summary>
    public static string Of(string name, IEnumerable<string> known) => known.MinBy(candidate => Distance(name, candidate))!;

    /// <summary>" Did you mean 'x'?" where a known name is near enough to be a likely meaning, else nothing.</summary>
    /// <remarks>Near: at most a third of the longer name differs, or two characters of a short one, but never all of what was written.</remarks>
    public static string Hint(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        var nearest = Of(name, known);
        var distance = Distance(name, nearest);
        return distance < name.Length && distance <= Math.Max(2, Math.Max(name.Length, nearest.Length) / 3) ? $" Did you mean '{nearest}'?" : "";
    }

    /// <summary>Levenshtein distance without regard to case: insertions, deletions and replacements of characters.</summary>
    internal static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
