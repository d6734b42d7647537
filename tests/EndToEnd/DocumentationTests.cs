using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using DcpNas.Cli;
using DcpNas.Runtime;
using DcpNas.SearchSpace;

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

    [Fact]
    public void WalkOfOneBatch_NamesCallsOfTheCode_AndCountsThem()
    {
        var page = File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md"));
        var table = page[page.IndexOf("| leg | calls", StringComparison.Ordinal)..page.IndexOf("calls through", StringComparison.Ordinal)];
        var names = Name().Matches(table).Select(match => match.Groups[1].Value.Split('.')).ToList();
        Type[] types = [.. new[] { typeof(AllCommands).Assembly, typeof(Genotype).Assembly, typeof(PackedModel).Assembly }.SelectMany(assembly => assembly.GetTypes())];

        Assert.Empty(names.Where(name => !IsCall(types, name)).Select(name => string.Join('.', name)));
        var sources = Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var files = names.Select(name => name[0]).Distinct().ToList();
        Assert.All(files, file => Assert.Contains(file, sources));
        var calls = names.Count - Regex.Count(table, @"\(or `");
        Assert.Contains($"\n{calls} calls through {files.Count} files", page, StringComparison.Ordinal);
    }

    private static bool IsCall(IEnumerable<Type> types, string[] name) =>
        types.Any(type => type.Name.Split('`')[0] == name[0] && (name.Length == 1 || type.GetMember(name[1], BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Length > 0));

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

    /// <summary>A type, or a method with its type.</summary>
    [GeneratedRegex(@"`([A-Z]\w*(?:\.\w+)?)`")]
    private static partial Regex Name();

    /// <summary>A file or folder of the repository, by its path from the root.</summary>
    [GeneratedRegex(@"(?<![\w./-])((?:src|samples|bench|configs|docs|eng|tests|templates)/[\w./-]*\w)(?![\w*{<|-]|\.\w)")]
    private static partial Regex PathIn();
}
