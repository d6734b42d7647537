using System.Globalization;
using System.Text;
using DcpNas.Cli.Options;
using DcpNas.Comparison;
using DcpNas.Search;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;

namespace EndToEnd;

/// <summary>docs/options.md says what the records of options declare.</summary>
public sealed class OptionPageTests
{
    private const string Update = "DCPNAS_UPDATE_PAGES";

    private static readonly (string Command, object Defaults)[] Records =
    [
        ("dcpnas search", new SearchOptions()),
        .. TaskTable.All.Select(row => ($"dcpnas train --task {row.Name}", (object)row.Training())),
        ("dcpnas compare", new ComparisonOptions()),
    ];

    /// <summary>To renew the page, run this with the environment variable DCPNAS_UPDATE_PAGES=1.</summary>
    [Fact]
    public void Page_IsThatOfTheDeclarations()
    {
        var path = Path.Combine(StartScriptTests.RepositoryRoot(), "docs", "options.md");
        var page = Page();
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path));
    }

    private static string Page()
    {
        var page = new StringBuilder(
            """
            # Options

            The keys of options files (`--config`). On the command line `batch_size` is `--batch-size`; `none` there is `null` in a file. A value of the command line
            beats that of the file, which beats the default. Marked with *: may differ when a run is resumed. This page is made from the source code, where each
            option is declared.

            """);
        foreach (var (command, defaults) in Records)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {command}\n\n| key | values | default | meaning |\n| --- | --- | --- | --- |\n");
            foreach (var declared in OptionDeclaration.Of(defaults.GetType()))
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{declared.Key}`{(declared.MayChange ? "*" : "")} | {Values(declared)} | {Default(declared.Property.GetValue(defaults))} | ")
                    .Append(CultureInfo.InvariantCulture, $"{declared.Describe(key => $"`{key}`", OptionValue.Absent)}{(declared.Formerly is { } former ? $"; formerly `{former}`" : "")} |\n");
            }
        }

        return page.ToString();
    }

    private static string Values(OptionDeclaration declared) => (Nullable.GetUnderlyingType(declared.Property.PropertyType) ?? declared.Property.PropertyType) switch
    {
        { IsEnum: true } type => string.Join(", ", EnumNames.All(type)),
        var type when type == typeof(bool) => "true, false",
        var type when type == typeof(int) => "whole number",
        var type when type == typeof(double) => "number",
        var type when type == typeof(string) => declared.Names is null ? "text" : "name",
        var type when type.IsAssignableTo(typeof(IReadOnlyList<int>)) || type.IsAssignableTo(typeof(IReadOnlyList<string>)) => "list",
        _ => "section",
    };

    private static string Default(object? value) => value switch
    {
        string text => text,
        SearchOptions or TrainOptions or System.Collections.IDictionary => "",
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object>()),
        _ => OptionValue.Show(value),
    };
}
