using System.CommandLine;
using System.Text.RegularExpressions;
using DcpNas.Cli;

namespace EndToEnd;

/// <summary>What README, docs, samples and recipes tell a reader to type: by the real parser, and, where it is cheap, by running it.</summary>
public sealed partial class DocumentationTests
{
    /// <summary>Commands that need neither data nor time.</summary>
    private static readonly string[] Cheap = ["genotype", "cost", "doctor"];

    private static readonly string Root = StartScriptTests.RepositoryRoot();

    [Fact]
    public void Commands_OfEveryPage_AreThoseOfTheParser()
    {
        var commands = DocumentedCommands.All(Root);
        Assert.True(commands.Count > 50, $"only {commands.Count} commands found");
        Assert.True(commands.Count(command => command.IsWhole) > 20);

        Assert.Empty(commands.SelectMany(command => Faults(command).Select(fault => $"{command.Place}: dcpnas {string.Join(' ', command.Words)}: {fault}")));
    }

    [Fact]
    public void Commands_WithWrongNamesOptionsOrArguments_AreFound()
    {
        var commands = DocumentedCommands.Of("page.md", "Text `dcpnas serch`, `dcpnas search --chanels 3`.\n\n    ./dcpnas export\n    ./dcpnas bench FILE OTHER # a comment\n    ./dcpnas cost|genotyp Tangent_1\n");

        Assert.Equal(
            ["page.md:1: there is no command 'serch'", "page.md:1: there is no option '--chanels'", "page.md:3: ", "page.md:4: ", "page.md:5: there is no command 'genotyp'"],
            commands.SelectMany(command => Faults(command).Select(fault => $"{command.Place}: {(command.IsWhole ? "" : fault)}")).Distinct());
    }

    [Fact]
    public void Commands_ThatAreCheap_Run()
    {
        using var folder = new TemporaryFolder();
        var commands = DocumentedCommands.All(Root).Where(command => command.IsWhole && Cheap.Contains(command.Words.FirstOrDefault())).Select(command => command.Words)
            .Where(words => !words.Any(word => Placeholder().IsMatch(word))).DistinctBy(words => string.Join(' ', words)).ToList();

        Assert.True(commands.Count >= 3);
        Assert.All(commands, words => Cli.Run(folder.Path, words).Ends(0));
    }

    [Fact]
    public void Paths_OfEveryPage_AreThere()
    {
        var missing = DocumentedCommands.Pages(Root).SelectMany(page => PathIn().Matches(File.ReadAllText(page)).Select(match => (Page: Path.GetRelativePath(Root, page), Path: match.Groups[1].Value.TrimEnd('.', '/'))))
            .Where(named => !Exists(named.Path)).Select(named => $"{named.Page}: {named.Path}").Distinct().ToList();

        Assert.Empty(missing);
    }

    private static bool Exists(string path) => File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Faults(DocumentedCommand command)
    {
        var root = AllCommands.Root();
        Command current = root;
        var at = 0;
        while (at < command.Words.Length && current.Subcommands.FirstOrDefault(child => child.Name == command.Words[at]) is { } child)
        {
            (current, at) = (child, at + 1);
        }

        if (current.Subcommands.Count > 0 && at < command.Words.Length && !command.Words[at].StartsWith('-'))
        {
            yield return $"there is no command '{command.Words[at]}'";
            yield break;
        }

        var known = current.Options.Concat(root.Options.Where(option => option.Recursive)).SelectMany(option => option.Aliases.Append(option.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var word in command.Words.Skip(at).Where(word => word.StartsWith("--", StringComparison.Ordinal) && !known.Contains(word.Split('=')[0])))
        {
            yield return $"there is no option '{word}'";
        }

        if (command.IsWhole)
        {
            foreach (var error in root.Parse(command.Words).Errors)
            {
                yield return error.Message;
            }
        }
    }

    [GeneratedRegex("^[A-Z][A-Z_.]*[0-9]?$")]
    private static partial Regex Placeholder();

    /// <summary>A file or folder of the repository, by its path from the root.</summary>
    [GeneratedRegex(@"(?<![\w./-])((?:src|samples|bench|configs|docs|eng|tests|templates)/[\w./-]*\w)(?![\w*{<|-]|\.\w)")]
    private static partial Regex PathIn();
}
