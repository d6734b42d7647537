using System.Globalization;
using System.Text;

namespace DcpNas.Foundation;

/// <summary>Compares names whose characters are written in other forms of Unicode: an accent as one character with its letter (NFC), or as a character of its own (NFD).</summary>
/// <remarks>
/// Names that archives bring from a Mac are decomposed, those of other systems composed: to people they are one name. <see cref="string.Normalize()"/> does nothing where .NET runs without ICU,
/// as this program does, so the table of the Unicode Character Database comes with it (CanonicalForms.txt).
/// </remarks>
internal static class CanonicalName
{
    private const int HangulFirst = 0xAC00, HangulCount = 11172, LeadFirst = 0x1100, VowelFirst = 0x1161, TailFirst = 0x11A7, VowelCount = 21, TailCount = 28;
    private const string Resource = "CanonicalForms.txt";
    private static readonly Lazy<(Dictionary<int, int[]> Parts, Dictionary<int, int> Classes)> Table = new(Read);

    /// <summary>Compares by <see cref="Key"/>.</summary>
    public static IEqualityComparer<string> Comparer { get; } = EqualityComparer<string>.Create((a, b) => a == b || (a is not null && b is not null && Key(a) == Key(b)), name => Key(name).GetHashCode(StringComparison.Ordinal));

    /// <summary>The name in its fully decomposed form (NFD): two names are one name to people where these are equal.</summary>
    public static string Key(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Ascii.IsValid(name))
        {
            return name;
        }

        var (parts, classes) = Table.Value;
        var codes = new List<int>(name.Length + 8);
        foreach (var rune in name.EnumerateRunes())
        {
            Decompose(rune.Value, parts, codes);
        }

        Order(codes, classes);
        return string.Concat(codes.Select(code => char.ConvertFromUtf32(code)));
    }

    private static void Decompose(int code, Dictionary<int, int[]> parts, List<int> codes)
    {
        var syllable = code - HangulFirst;
        if (syllable is >= 0 and < HangulCount)
        {
            codes.Add(LeadFirst + (syllable / (VowelCount * TailCount)));
            codes.Add(VowelFirst + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount > 0)
            {
                codes.Add(TailFirst + (syllable % TailCount));
            }
        }
        else if (parts.TryGetValue(code, out var found))
        {
            codes.AddRange(found);
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>Marks on one letter stand in the order of their classes; those of one class keep theirs.</summary>
    private static void Order(List<int> codes, Dictionary<int, int> classes)
    {
        for (var at = 1; at < codes.Count; at++)
        {
            var own = classes.GetValueOrDefault(codes[at]);
            for (var before = at; own > 0 && before > 0 && classes.GetValueOrDefault(codes[before - 1]) > own; before--)
            {
                (codes[before - 1], codes[before]) = (codes[before], codes[before - 1]);
            }
        }
    }

    private static (Dictionary<int, int[]> Parts, Dictionary<int, int> Classes) Read()
    {
        var (parts, classes) = (new Dictionary<int, int[]>(), new Dictionary<int, int>());
        using var reader = new StreamReader(typeof(CanonicalName).Assembly.GetManifestResourceStream(Resource)!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Split(':') is [var name, var codes])
            {
                foreach (var range in codes.Split(' '))
                {
                    int[] ends = [.. range.Split('-').Select(Code)];
                    for (var code = ends[0]; code <= ends[^1]; code++)
                    {
                        classes[code] = int.Parse(name, CultureInfo.InvariantCulture);
                    }
                }

                continue;
            }

            foreach (var entry in line.Split(' '))
            {
                var sides = entry.Split('=');
                parts[Code(sides[0])] = [.. sides[1].Split('+').Select(Code)];
            }
        }

        return (parts, classes);

        static int Code(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
