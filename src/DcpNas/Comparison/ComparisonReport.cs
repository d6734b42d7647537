using System.Text;
using System.Text.Json.Nodes;
using DcpNas.Runs;

namespace DcpNas.Comparison;

/// <summary>The result of a comparison as compare.json, compare.csv, compare.html and compare.md in its folder; can be written at any time.</summary>
public static class ComparisonReport
{
    /// <summary>The result for programs.</summary>
    public const string JsonFile = "compare.json";

    /// <summary>One line per training, for <c>pandas.read_csv</c>.</summary>
    public const string CsvFile = "compare.csv";

    /// <summary>The result as a page.</summary>
    public const string HtmlFile = "compare.html";

    /// <summary>The result as tables of Markdown.</summary>
    public const string MarkdownFile = "compare.md";

    /// <summary>Writes all four files.</summary>
    /// <param name="folder">The folder of the comparison.</param>
    /// <param name="result">What it has come to.</param>
    /// <returns>The result as JSON.</returns>
    public static JsonObject Write(RunFolder folder, ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(result);
        var json = ComparisonJson.Of(result);
        folder.WriteText(JsonFile, JsonFiles.Format(json));
        folder.WriteText(CsvFile, ComparisonCsv.Of(result));
        folder.WriteText(MarkdownFile, Markdown(result));
        folder.WriteText(HtmlFile, new ComparisonPage(folder, result).Render());
        return json;
    }

    private static string Markdown(ComparisonResult result)
    {
        var text = new StringBuilder();
        text.Append($"{ComparisonTables.Headline(result)}\n\n");
        Table(text, ComparisonTables.LeaderColumns(result), ComparisonTables.Leaders(result));
        if (ComparisonTables.Primary(result) is { Count: > 0 } primary)
        {
            text.Append($"The primary row, {result.Options.PrimaryRow}, against the others:\n\n");
            Table(text, ComparisonTables.PrimaryColumns, primary);
        }

        if (result.Population is { } population)
        {
            text.Append($"{PopulationPlaceTable.Title(population)}:\n\n");
            Table(text, PopulationPlaceTable.Columns, PopulationPlaceTable.Rows(result));
        }

        if (result.Ranks.Count > 0)
        {
            text.Append($"{SearchRankTable.Title}:\n\n");
            Table(text, SearchRankTable.Columns, SearchRankTable.Rows(result));
        }

        Table(text, ComparisonTables.CostColumns(result), ComparisonTables.Costs(result));
        var seeds = result.Rows.SelectMany(row => row.Jobs.Select(job => job.Seed)).Distinct().Order().ToList();
        text.Append("Top-1 on the test images, by seed:\n\n");
        Table(text, ["row", .. seeds.Select(seed => $"seed {seed}#")], result.Rows.Select(row => (string[])[row.Name, .. seeds.Select(seed => Outcome(row.Jobs.FirstOrDefault(job => job.Seed == seed)))]));
        return text.Append($"{string.Join("\n\n", [.. ComparisonTables.Notes(result), ComparisonTables.Explanation(result), ComparisonTables.PaperNote])}\n").ToString();
    }

    private static void Table(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        text.Append($"| {string.Join(" | ", columns.Select(column => column.TrimEnd('#')))} |\n");
        text.Append($"| {string.Join(" | ", columns.Select(column => column.EndsWith('#') ? "---:" : "---"))} |\n");
        foreach (var row in rows)
        {
            text.Append($"| {string.Join(" | ", row)} |\n");
        }

        text.Append('\n');
    }

    private static string Outcome(JobRecord? job) => job is null ? "" : job.Result is { } result ? ComparisonTables.Accuracy(result) : $"{job.State}".ToLowerInvariant();
}
