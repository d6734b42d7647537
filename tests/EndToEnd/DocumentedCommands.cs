using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>A command of dcpnas that a page of the repository shows.</summary>
/// <param name="Place">Page and line.</param>
/// <param name="Words">What follows the program's name.</param>
/// <param name="IsWhole">Whether it is shown as a command to type; else text mentions it, perhaps without its arguments.</param>
public sealed record DocumentedCommand(string Place, string[] Words, bool IsWhole);

/// <summary>Finds the commands that the pages show: in code blocks, in running text, and at the head of recipes.</summary>
internal static partial class DocumentedCommands
{
    private static readonly string[] Folders = ["docs", "samples", "bench", "configs", "templates"];

    /// <summary>README, ARCHITECTURE, everything under docs, and the pages and recipes beside what they describe.</summary>
    public static IReadOnlyList<string> Pages(string root) =>
    [
        .. Directory.GetFiles(root, "*.md"),
        .. Folders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.*", SearchOption.AllDirectories))
            .Where(path => (path.EndsWith(".md", StringComparison.Ordinal) || path.EndsWith(".json", StringComparison.Ordinal)) && !path.Contains("/obj/", StringComparison.Ordinal)),
    ];

    /// <summary>Every command of every page.</summary>
    public static IReadOnlyList<DocumentedCommand> All(string root) => [.. Pages(root).SelectMany(path => Of(Path.GetRelativePath(root, path), File.ReadAllText(path)))];

    /// <summary>The commands of one page.</summary>
    /// <param name="page">Its name.</param>
    /// <param name="text">Markdown, or a recipe.</param>
    public static IReadOnlyList<DocumentedCommand> Of(string page, string text)
    {
        var commands = new List<DocumentedCommand>();
        var (fenced, number) = (false, 0);
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            number++;
            fenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            var inBlock = fenced || line.StartsWith("    ", StringComparison.Ordinal);
            var found = page.EndsWith(".json", StringComparison.Ordinal) ? Recipe().Matches(line) : inBlock ? Block().Matches(line) : Mention().Matches(line);
            foreach (var match in found.Cast<Match>())
            {
                var words = Split(Comment().Replace(match.Groups[1].Value, ""));
                var path = words.TakeWhile(word => !word.StartsWith('-')).ToArray();
                commands.AddRange(Alternatives(words).Select(one => new DocumentedCommand($"{page}:{number}", one, inBlock && !path.Any(word => word.Contains('|', StringComparison.Ordinal)))));
            }
        }

        return commands;
    }

    /// <summary><c>a|b</c> stands for two commands.</summary>
    private static IEnumerable<string[]> Alternatives(string[] words)
    {
        var at = Array.FindIndex(words, word => word.Contains('|', StringComparison.Ordinal));
        return at < 0 ? [words] : words[at].Split('|').SelectMany(one => Alternatives([.. words[..at], one, .. words[(at + 1)..]]));
    }

    private static string[] Split(string text) => [.. Word().Matches(text).Select(match => match.Value.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal))];

    [GeneratedRegex(@"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\./)?dcpnas((?: .*)?)$")]
    private static partial Regex Block();

    [GeneratedRegex(@"`(?:[A-Z_0-9a-z]+=\S+ )?(?:\./)?dcpnas( [^`]*)`")]
    private static partial Regex Mention();

    [GeneratedRegex(@"\./dcpnas( [^()]*)")]
    private static partial Regex Recipe();

    [GeneratedRegex(@"\s+[#>] .*$|\s+\| .*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?:'[^']*'|""[^""]*""|\S)+")]
    private static partial Regex Word();
}
