using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.Runs.Report;
using DcpNas.Statistics;

namespace DcpNas.Comparison;

/// <summary>The result of a comparison as compare.json, compare.html and compare.md in its folder; can be written at any time.</summary>
public static class ComparisonReport
{
    /// <summary>The result for programs.</summary>
    public const string JsonFile = "compare.json";

    /// <summary>The result as a page.</summary>
    public const string HtmlFile = "compare.html";

    /// <summary>The result as a table of Markdown.</summary>
    public const string MarkdownFile = "compare.md";

    private const string OffMark = "(!)";

    private const string PaperNote = "paper: top-1 of arXiv:2306.15390 on ImageNet with large networks; only the order of its rows can be compared with ours, not the level";

    /// <summary>Writes all three files.</summary>
    /// <param name="folder">The folder of the comparison.</param>
    /// <param name="options">The comparison.</param>
    /// <param name="dataset">What was learned from.</param>
    /// <param name="target">The common cost.</param>
    /// <param name="records">What is known of the jobs.</param>
    /// <returns>The result as JSON.</returns>
    public static JsonObject Write(RunFolder folder, ComparisonOptions options, string dataset, double target, IReadOnlyList<JobRecord> records)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        var rows = ComparisonRow.Of(options, records);
        var json = Json(options, dataset, target, rows);
        folder.WriteText(JsonFile, JsonFiles.Format(json));
        folder.WriteText(MarkdownFile, Markdown(options, dataset, target, rows));
        folder.WriteText(HtmlFile, Html(folder, options, dataset, target, rows));
        return json;
    }

    /// <summary>Column heads of the table, those of numbers with a '#'.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["strategy", "seeds#", "top-1, mean and 95 % interval#", "against random, points#", "p#", "top-5#", "OPs#", "Mbit#", "search#", "training#", "paper, ImageNet#"];

    /// <summary>The table, one row per strategy.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Table(ComparisonOptions options, IReadOnlyList<ComparisonRow> rows)
    {
        ArgumentNullException.ThrowIfNull(options);
        return [.. rows.Select(row => (IReadOnlyList<string>)
        [
            row.Worker == row.Strategy.Name ? row.Strategy.Name : $"{row.Strategy.Name} (= {row.Worker})",
            $"{row.Results.Count()} of {options.Seeds.Count}",
            row.Top1 is { } top1 ? $"{Percent(top1.Mean)}{(top1.HalfWidth is { } half ? $" ± {Percent(half)}" : "")} %" : "",
            row.AgainstRandom is { } test ? $"{Signed(test.Differences.Mean)}{(test.Differences.HalfWidth is { } width ? $" ± {Percent(width)}" : "")}" : "",
            row.AgainstRandom?.P is { } p ? $"{(p < 0.001 ? "< 0.001" : Text($"{p:0.000}"))}{(row.AgainstRandom.IsSignificant ? " *" : "")}" : "",
            Mean(row, result => result.Top5, value => $"{Percent(value)} %"),
            Mean(row, result => result.Ops, value => Text($"{value / 1e6:0.000} M{(row.Results.Any(result => IsOff(options, result)) ? $" {OffMark}" : "")}")),
            Mean(row, result => result.Mbit, value => Text($"{value:0.000}")),
            Mean(row, result => result.SearchSeconds, value => Units.Duration(TimeSpan.FromSeconds(value))),
            Mean(row, result => result.TrainSeconds, value => Units.Duration(TimeSpan.FromSeconds(value))),
            row.Strategy.Paper is { } paper ? Text($"{paper.Top1:0.0} % ({paper.Source})") : "",
        ])];
    }

    /// <summary>What a reader of the table should know besides, one sentence each: what (!) means where it occurs, and targets that no width comes near to.</summary>
    public static IReadOnlyList<string> Notes(ComparisonOptions options, IReadOnlyList<ComparisonRow> rows)
    {
        ArgumentNullException.ThrowIfNull(options);
        var off = rows.SelectMany(row => row.Jobs).DistinctBy(job => (job.Strategy, job.Seed)).Where(job => job.Result is { } result && IsOff(options, result)).ToList();
        return off.Count == 0 ? [] :
        [
            Meaning(options),
            .. off.Where(job => job.Result!.Channels <= NetworkSize.Least && job.Result.OpsDeviation > 0)
                .Select(job => Text($"{job.Strategy}, seed {job.Seed}: the narrowest network has {job.Result!.OpsDeviation * 100:0} % more OPs than the target. Raise target_ops, or lower train.cells.")),
            .. off.Where(job => job.Result!.Channels > NetworkSize.Most - 2 && job.Result.OpsDeviation < 0)
                .Select(job => Text($"{job.Strategy}, seed {job.Seed}: the widest network has {-job.Result!.OpsDeviation * 100:0} % fewer OPs than the target. Lower target_ops, or raise train.cells.")),
        ];
    }

    private static bool IsOff(ComparisonOptions options, JobResult result) => Math.Abs(result.OpsDeviation) > options.OpsTolerance;

    private static string Meaning(ComparisonOptions options) =>
        Text($"{OffMark} = a network further off the target than {options.OpsTolerance * 100:0.##} %: the next width is no nearer.");

    private static JsonObject Json(ComparisonOptions options, string dataset, double target, IReadOnlyList<ComparisonRow> rows) => new()
    {
        ["format"] = "dcpnas-compare-1",
        ["dataset"] = dataset,
        ["target_ops"] = target,
        ["ops_tolerance"] = options.OpsTolerance,
        ["confidence"] = SampleStatistics.Confidence,
        ["rows"] = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["strategy"] = row.Strategy.Name,
            ["meaning"] = row.Strategy.Meaning,
            ["same_search_as"] = row.Worker == row.Strategy.Name ? null : row.Worker,
            ["top1"] = row.Top1 is { } top1 ? Describe(top1) : null,
            ["against_random"] = row.AgainstRandom is { } test
                ? new JsonObject { ["difference"] = Describe(test.Differences), ["t"] = test.T, ["p"] = test.P, ["significant"] = test.IsSignificant }
                : null,
            ["paper"] = row.Strategy.Paper is { } paper ? new JsonObject { ["imagenet_top1_percent"] = paper.Top1, ["source"] = paper.Source } : null,
            ["jobs"] = new JsonArray([.. row.Jobs.Select(job => job.ToJson())]),
        })]),
    };

    private static JsonObject Describe(SampleStatistics sample) => new()
    {
        ["count"] = sample.Count,
        ["mean"] = sample.Mean,
        ["standard_deviation"] = sample.StandardDeviation,
        ["interval_low"] = sample.Low,
        ["interval_high"] = sample.High,
    };

    private static string Markdown(ComparisonOptions options, string dataset, double target, IReadOnlyList<ComparisonRow> rows)
    {
        var text = new StringBuilder();
        text.Append($"{Headline(options, dataset, target)}\n\n");
        text.Append($"| {string.Join(" | ", Columns.Select(column => column.TrimEnd('#')))} |\n");
        text.Append($"| {string.Join(" | ", Columns.Select(column => column.EndsWith('#') ? "---:" : "---"))} |\n");
        foreach (var row in Table(options, rows))
        {
            text.Append($"| {string.Join(" | ", row)} |\n");
        }

        text.Append($"\nTop-1 on the test images, by seed:\n\n| strategy | {string.Join(" | ", options.Seeds.Select(seed => $"seed {seed}"))} |\n");
        text.Append($"| --- | {string.Join(" | ", options.Seeds.Select(_ => "---:"))} |\n");
        foreach (var row in rows)
        {
            text.Append($"| {row.Strategy.Name} | {string.Join(" | ", row.Jobs.Select(Outcome))} |\n");
        }

        return text.Append($"\n{string.Join("\n\n", [.. Notes(options, rows), Explanation(options)])}\n").ToString();
    }

    private static string Html(RunFolder folder, ComparisonOptions options, string dataset, double target, IReadOnlyList<ComparisonRow> rows)
    {
        var jobs = rows.SelectMany(row => row.Jobs).DistinctBy(job => (job.Strategy, job.Seed)).ToList();
        var isDone = jobs.All(job => job.State == JobState.Finished);
        var page = new HtmlPage($"Comparison: {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)))}")
        {
            Badge = isDone ? "finished" : "unfinished",
            Subtitle = Headline(options, dataset, target),
        };
        foreach (var failed in jobs.Where(job => job.State == JobState.Failed))
        {
            page.Lead.Notice($"{failed.Strategy}, seed {failed.Seed} failed: {failed.Error}", warning: true);
        }

        foreach (var note in Notes(options, rows).Skip(1))
        {
            page.Lead.Notice(note, warning: true);
        }

        page.Section("Result", block => block
            .Table(Columns, Table(options, rows).Select(row => (IReadOnlyList<string>)[.. row.Take(row.Count - 1), row[^1].Split(" (")[0]]))
            .Note(Explanation(options)));
        page.Section("Accuracy against operations", block => block.WideChart(new IntervalChart
        {
            Title = "Top-1 accuracy of trained 1-bit networks, test images",
            XLabel = "OPs of the network, M",
            YLabel = "top-1, mean and 95 % interval",
            Groups = [.. rows.Where(row => row.Worker == row.Strategy.Name).Select(row => new IntervalGroup(
                row.Strategy.Name, [.. row.Jobs.Where(job => job.Result is not null).Select(job => (job.Result!.Ops / 1e6, job.Result.Top1, $"seed {job.Seed}"))], row.Top1?.Low, row.Top1?.High))],
        }.Render()));
        page.Section("Every seed", block => block.Table(
            ["strategy", "seed#", "state", "top-1#", "top-5#", "loss#", "channels#", "OPs#", "off the target#", "Mbit#", "search#", "training#"],
            jobs.Select(job => (string[])
            [
                job.Strategy, $"{job.Seed}", $"{job.State}".ToLowerInvariant(),
                .. job.Result is { } result
                    ? (string[])
                    [
                        $"{Percent(result.Top1)} %", $"{Percent(result.Top5)} %", Text($"{result.Loss:0.0000}"), $"{result.Channels}", Text($"{result.Ops / 1e6:0.000} M"),
                        $"{Signed(result.OpsDeviation)} %{(IsOff(options, result) ? $" {OffMark}" : "")}", Text($"{result.Mbit:0.000}"),
                        Units.Duration(TimeSpan.FromSeconds(result.SearchSeconds)), Units.Duration(TimeSpan.FromSeconds(result.TrainSeconds)),
                    ]
                    : [],
            ])).Note(Meaning(options)));
        page.Section("Genotypes", block => block.Preformatted(string.Join("\n\n", jobs.Where(job => job.Genotype is not null)
            .Select(job => $"{job.Strategy}, seed {job.Seed}\n{job.Genotype!.Replace(" | ", "\n", StringComparison.Ordinal)}"))));
        page.Section("The paper", block => block
            .Table(["row", "what", "top-1, ImageNet#", "where"], ComparisonStrategies.All.Where(strategy => strategy.Paper is not null)
                .Select(strategy => (string[])[strategy.Name, strategy.Meaning, Text($"{strategy.Paper!.Top1:0.0} %"), strategy.Paper.Source]))
            .Note($"Figures of Li et al., DCP-NAS, arXiv:2306.15390. {char.ToUpperInvariant(PaperNote[0])}{PaperNote[1..]}."));
        page.Section("Options", block => block.Table(["option", "value"], JsonFiles.Flatten(options.ToJson()).Select(pair => (string[])[pair.Key, JsonFiles.Show(pair.Value)])));
        return page.Render();
    }

    private static string Headline(ComparisonOptions options, string dataset, double target) =>
        Text($"Trained on {dataset}; {options.Seeds.Count} {(options.Seeds.Count == 1 ? "seed" : "seeds")}; every network at {target / 1e6:0.000} M OPs as nearly as its width allows.");

    private static string Explanation(ComparisonOptions options) =>
        $"Intervals: Student's t over seeds, 95 %. Against random: difference by seed, in points; p: two-sided paired t-test, * below {PairedTest.Level.ToString(CultureInfo.InvariantCulture)}, "
        + $"not corrected for the number of rows, and absent where all seeds differ by the same: without a spread there is nothing to test by{(options.Seeds.Count < 5 ? "; with so few seeds only large differences can be seen" : "")}. {char.ToUpperInvariant(PaperNote[0])}{PaperNote[1..]}.";

    private static string Outcome(JobRecord job) => job.Result is { } result ? $"{Percent(result.Top1)} %" : $"{job.State}".ToLowerInvariant();

    private static string Mean(ComparisonRow row, Func<JobResult, double> measure, Func<double, string> show) => row.Results.Any() ? show(row.Results.Average(measure)) : "";

    private static string Percent(double share) => Text($"{share * 100:0.00}");

    private static string Signed(double share) => Text($"{share * 100:+0.00;-0.00;0.00}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
