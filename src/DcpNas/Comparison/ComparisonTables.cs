using System.Globalization;
using DcpNas.Cost;
using DcpNas.Runs.Report;
using DcpNas.Statistics;

namespace DcpNas.Comparison;

/// <summary>The tables of a result and the sentences that go with them, alike on the terminal, on the page and in Markdown.</summary>
public static class ComparisonTables
{
    private const string OffMark = "(!)";

    /// <summary>What may be said of the figures of the paper.</summary>
    internal const string PaperNote = "Paper: top-1 of arXiv:2306.15390 on ImageNet with large networks; only the order of its rows can be compared with ours, not the level.";

    /// <summary>Column heads of the leaderboard, those of numbers with a '#'.</summary>
    public static IReadOnlyList<string> LeaderColumns(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return
        [
            "row", "seeds#", "top-1, mean and 95 % interval#", .. result.Population is null ? [] : (string[])["percentile#"],
            "against random, points#", "p (Holm)#", "effect g#", "over random, relative#", "pairs for 1 point#",
        ];
    }

    /// <summary>Column heads of the test of the primary row.</summary>
    public static IReadOnlyList<string> PrimaryColumns { get; } =
        ["against", "pairs#", "difference, points#", "p#", "p (Holm)#", "effect g#", "pairs for 1 point#", "power for 1 point#"];

    /// <summary>Column heads of the costs.</summary>
    /// <param name="result">The comparison; where it has limits of a chip, what networks take there has columns too.</param>
    public static IReadOnlyList<string> CostColumns(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return ["row", "top-5#", "OPs#", "Mbit#", .. IsOnChip(result) ? (string[])["flash, bytes#", "RAM, bytes#", "instructions#"] : [], "search#", "search, CPU#", "candidates#", "training#", "paper, ImageNet#"];
    }

    /// <summary>The leaderboard, the best mean first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Leaders(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Ranked.Select(row => (IReadOnlyList<string>)
        [
            NameOf(result, row),
            $"{row.Results.Count()} of {row.Jobs.Count}",
            row.Top1 is { } top1 ? Accuracy(top1, row.TestImages) : "",
            .. result.Population is null ? [] : (string[])[Number(row.Place?.Percentile, "0.0")],
            row.AgainstRandom is { } test ? Points(test.Test.Differences, row.TestImages) : "",
            row.AgainstRandom is { } tested ? P(tested.AdjustedP) : "",
            Number(row.AgainstRandom?.EffectSize, "0.0"),
            row.RelativeImprovement is { } better && row.Name != ComparisonStrategies.Random ? Text($"{better * 100:+0.0;-0.0;0.0} %") : "",
            row.AgainstRandom?.PairsForOnePoint is { } pairs ? Text($"{pairs}") : "",
        ])];
    }

    /// <summary>The primary row against every other one.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Primary(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Rows.Where(row => row.PrimaryAgainst is not null).Select(row => (Row: row, Test: row.PrimaryAgainst!)).Select(pair => (IReadOnlyList<string>)
        [
            pair.Row.Name,
            Text($"{pair.Test.Test.Differences.Count}"),
            Points(pair.Test.Test.Differences, result.TestImages),
            P(pair.Test.Test.P, mark: false),
            P(pair.Test.AdjustedP),
            Number(pair.Test.EffectSize, "0.0"),
            pair.Test.PairsForOnePoint is { } pairs ? Text($"{pairs}") : "",
            pair.Test.PowerForOnePoint is { } power ? Text($"{power * 100:0} %") : "",
        ])];
    }

    /// <summary>What the rows cost, and what their networks do besides.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Costs(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Ranked.Select(row => (IReadOnlyList<string>)
        [
            NameOf(result, row),
            Mean(row, job => job.Top5, value => $"{Proportion.Percent(value, row.TestImages)} %"),
            Mean(row, job => job.Ops, value => Text($"{value / 1e6:0.000} M{(row.Results.Any(job => IsOff(result.Options, job)) ? $" {OffMark}" : "")}")),
            Mean(row, job => job.Mbit, value => Text($"{value:0.000}")),
            .. IsOnChip(result) ? ((Func<ChipAmount, double>[])[amount => amount.FlashBytes, amount => amount.ArenaBytes, amount => amount.Instructions]).Select(number => OnChip(row, number)) : [],
            Mean(row, job => job.SearchSeconds, Duration),
            row.Jobs.Select(job => job.SearchCpuSeconds).OfType<double>().ToList() is { Count: > 0 } seconds ? Duration(seconds.Average()) : "",
            row.Jobs.Select(job => job.Selection).OfType<CandidateSelection>().ToList() is { Count: > 0 } drawn ? Text($"{drawn.Average(selection => selection.Candidates):0.#}") : "",
            Mean(row, job => job.TrainSeconds, Duration),
            row.Entry.Paper is { } paper ? Text($"{paper.Top1:0.0} %") : "",
        ])];
    }

    /// <summary>What the result is of.</summary>
    public static string Headline(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var options = result.Options;
        var seeds = options.TrainSeeds is { } train
            ? $"{Count(options.SeedsOfSearch.Count, "search seed")}, {Count(train.Count, "training seed")} each"
            : Count(options.SeedsOfSearch.Count, "seed");
        var images = result.TestImages > 0 ? Text($"; {result.TestImages} test images") : "";
        return Text($"Trained on {result.Dataset}{images}; {seeds}; {Width(options, result.TargetOps)}; primary row: {options.PrimaryRow}.");
    }

    /// <summary>How wide networks are, in words.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="targetOps">The common cost.</param>
    public static string Width(ComparisonOptions options, double targetOps)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.EqualOps
            ? Text($"every network at {targetOps / 1e6:0.000} M OPs as nearly as its width allows")
            : Text($"every network of the width of train (random ones: {targetOps / 1e6:0.000} M OPs on average)");
    }

    /// <summary>What a reader of the tables should know besides, one sentence each.</summary>
    public static IReadOnlyList<string> Notes(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. FewImages(result), .. OffTarget(result), .. Selections(result), .. PopulationPlaceTable.Notes(result), .. PopulationPlaceTable.Warnings(result)];
    }

    /// <summary>Whether a note explains, and warns of nothing.</summary>
    internal static bool IsPlain(ComparisonResult result, string note) =>
        note == Meaning(result.Options) || Selections(result).Contains(note) || PopulationPlaceTable.Notes(result).Contains(note);

    /// <summary>How the tables are to be read.</summary>
    public static string Explanation(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var fewest = result.Rows.Select(row => row.AgainstRandom?.Test.Differences.Count ?? int.MaxValue).Min();
        var level = PairedTest.Level.ToString(CultureInfo.InvariantCulture);
        return "Intervals: Student's t over seeds, 95 %; where seeds have no spread, Wilson's over the test images of one network. "
            + $"Against random: difference by seed, in points. p: two-sided paired t-test, corrected by Holm for the number of rows, * below {level}; absent where all seeds differ by the same: "
            + "without a spread there is nothing to test by. Effect g: Hedges' g of the paired differences (their mean by their deviation, corrected for few pairs). Over random, relative: by how much of the mean "
            + $"random network's accuracy the mean is better. Pairs for 1 point: seeds that would show a true difference of one point in {PairedPower.Wanted * 100:0} % of comparisons"
            + (fewest < 5 ? ". With so few seeds only large differences can be seen." : ".");
    }

    /// <summary>Accuracy as a mean with its interval; without a spread over seeds, with the interval that the number of images gives.</summary>
    public static string Accuracy(SampleStatistics sample, long images)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample.HalfWidth is { } half && half > 0
            ? $"{Proportion.Percent(sample.Mean, images)} ± {Proportion.Percent(half, images)} %"
            : $"{Proportion.Percent(sample.Mean, images)} % ({Proportion.Range(sample.Mean, images)})";
    }

    /// <summary>The accuracy of one network.</summary>
    public static string Accuracy(JobResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return $"{Proportion.Percent(result.Top1, result.TestImages)} %";
    }

    internal static bool IsOff(ComparisonOptions options, JobResult result) => options.EqualOps && Math.Abs(result.OpsDeviation) > options.OpsTolerance;

    internal static string Meaning(ComparisonOptions options) =>
        Text($"{OffMark} = a network further off the target than {options.OpsTolerance * 100:0.##} %: the next width is no nearer.");

    internal static string OffTarget(ComparisonOptions options, JobResult result) =>
        Text($"{result.OpsDeviation * 100:+0.00;-0.00;0.00} %{(IsOff(options, result) ? $" {OffMark}" : "")}");

    internal static string NameOf(ComparisonResult result, ComparisonRow row) =>
        $"{row.Name}{(row.IsShared ? $" (= {row.Entry.Worker})" : "")}{(row.Name == result.Options.PrimaryRow ? ", primary" : "")}";

    internal static string Duration(double seconds) => Units.Duration(TimeSpan.FromSeconds(seconds));

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static IEnumerable<string> FewImages(ComparisonResult result) => result.TestImages is > 0 and < 1000
        ? [Text($"{result.TestImages} test images are few: an accuracy of 50 % of one network stands for {Proportion.Range(0.5, result.TestImages)}.")]
        : [];

    private static IEnumerable<string> OffTarget(ComparisonResult result)
    {
        var off = result.Jobs.Where(job => job.Result is { } found && IsOff(result.Options, found)).ToList();
        return off.Count == 0 ? [] :
        [
            Meaning(result.Options),
            .. off.Where(job => job.Result!.Channels <= NetworkSize.Least && job.Result.OpsDeviation > 0)
                .Select(job => Text($"{job.Strategy}, seed {job.Seed}: the narrowest network has {job.Result!.OpsDeviation * 100:0} % more OPs than the target. Raise target_ops, or lower train.cells.")),
            .. off.Where(job => job.Result!.Channels > NetworkSize.Most - 2 && job.Result.OpsDeviation < 0)
                .Select(job => Text($"{job.Strategy}, seed {job.Seed}: the widest network has {-job.Result!.OpsDeviation * 100:0} % fewer OPs than the target. Lower target_ops, or raise train.cells.")),
        ];
    }

    private static IEnumerable<string> Selections(ComparisonResult result) => result.Jobs.Where(job => job.Selection is { BudgetSeconds: not null }).Select(job => job.Selection!).ToList() is { Count: > 0 } drawn
        ? [Text($"{ComparisonStrategies.RandomK}: {drawn.Min(selection => selection.Candidates)} to {drawn.Max(selection => selection.Candidates)} candidates of {drawn[0].Epochs} {(drawn[0].Epochs == 1 ? "epoch" : "epochs")}, {drawn.Sum(selection => selection.SpentSeconds) / drawn.Sum(selection => selection.BudgetSeconds!.Value) * 100:0} % of the CPU time of the primary row's searches.")]
        : [];

    internal static string Points(SampleStatistics differences, long images)
    {
        var sign = differences.Mean < 0 ? "-" : "+";
        var text = $"{sign}{Proportion.Percent(Math.Abs(differences.Mean), images)}";
        return differences.HalfWidth is { } half && half > 0 ? $"{text} ± {Proportion.Percent(half, images)}" : text;
    }

    internal static string P(double? p, bool mark = true) =>
        p is { } value ? $"{(value < 0.001 ? "< 0.001" : Text($"{value:0.000}"))}{(mark && value < PairedTest.Level ? " *" : "")}" : "";

    internal static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static bool IsOnChip(ComparisonResult result) => result.Rows.Any(row => row.Results.Any(job => job.OnChip is not null));

    private static string OnChip(ComparisonRow row, Func<ChipAmount, double> number) =>
        row.Results.Select(job => job.OnChip).OfType<ChipAmount>().ToList() is { Count: > 0 } amounts ? Text($"{amounts.Average(number):N0}") : "";

    private static string Mean(ComparisonRow row, Func<JobResult, double> measure, Func<double, string> show) => row.Results.Any() ? show(row.Results.Average(measure)) : "";
}
