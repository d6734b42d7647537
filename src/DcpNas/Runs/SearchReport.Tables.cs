using DcpNas.Runs.Report;
using static DcpNas.Runs.ReportParts;

namespace DcpNas.Runs;

public static partial class SearchReport
{
    private const string Red = "#d9304f";
    private static readonly Limit[] Limits =
    [
        new("OPs (FLOPs + BOPs/64)", "max_ops", "ops", "expected_ops", "Expected operations under softmax(alpha)", "expected OPs"),
        new("memory of the weights, Mbit", "max_memory_mbit", "memory_mbit", "expected_memory_mbit", "Expected memory under softmax(alpha), Mbit", "expected memory"),
    ];

    private static readonly (string Name, string Option, string Key)[] ChipNumbers =
    [
        ("flash, bytes", "max_flash", "flash_bytes"), ("RAM, bytes", "max_ram", "arena_bytes"), ("instructions an image", "max_instructions", "instructions"),
    ];

    private static void AddExpectedCost(HtmlBlock block, RunFolder run, RunHistory history)
    {
        if (Limits.Any(limit => history.OverEpochs("", limit.Expected).Points.Count > 0))
        {
            block.Charts(Limits.Select(limit => Chart(history, limit.Chart, [history.OverEpochs(limit.Curve, limit.Expected), .. LimitLine(run, history, limit)])));
        }
    }

    /// <summary>The limits beside what came out, and how long the cost term of alpha's loss acted.</summary>
    private static void AddBudget(HtmlBlock block, RunFolder run, RunHistory history)
    {
        var limits = Limits.Where(limit => limit.Most(run) is not null).ToList();
        var options = JsonFiles.Flatten(run.Options);
        var chip = ChipNumbers.Where(number => MetricRecord.Decode(options.GetValueOrDefault(number.Option)) is not null).ToList();
        if (limits.Count + chip.Count == 0)
        {
            block.Paragraph("Budget: no limit was set.");
            return;
        }

        var cost = run.ReadJson(RunFiles.Cost);
        var result = cost?["detail"]?["total"];
        block.Table(["budget", "limit#", "result#", ""], limits.Select(limit => (string[])
            [limit.Name, Units.Number(limit.Most(run)!.Value), .. Result(limit.Most(run)!.Value, MetricRecord.Decode(result?[limit.Total]))])
            .Concat(chip.Select(number => (Number: number, Most: MetricRecord.Decode(options[number.Option])!.Value))
                .Select(limit => (string[])[limit.Number.Name, Units.Number(limit.Most), .. Result(limit.Most, MetricRecord.Decode(cost?["chip"]?[limit.Number.Key]))])));
        var learning = history.Epochs.Where(record => record.Text(MetricFields.Phase) != "warmup").ToList();
        foreach (var limit in limits)
        {
            var above = learning.Where(record => record.Number(limit.Expected) > limit.Most(run)).Select(RunHistory.EpochOf).ToList();
            block.Paragraph($"{limit.Name}: " + (learning.Count == 0 ? "alpha has not moved yet."
                : above.Count == 0 ? $"the expectation kept to the limit after each of the {Count(learning.Count, "epoch")} of alpha, so the cost term of its loss rested."
                : $"the expectation was above the limit, so that the cost term acted on alpha, after {above.Count} of {Count(learning.Count, "epoch")} of alpha, "
                    + $"first after epoch {Units.Number(above[0])} and last after epoch {Units.Number(above[^1])}."));
        }

        foreach (var record in history.Events.Where(IsBudget))
        {
            block.Notice($"Budget, epoch {EpochOf(record)}: {record.Text(MetricFields.Text)}");
        }
    }

    private static string[] Result(double most, double? found) => found is { } number ? [Units.Number(number), number <= most ? "kept" : "exceeded"] : ["none yet", ""];

    private static ChartSeries[] LimitLine(RunFolder run, RunHistory history, Limit limit) =>
        limit.Most(run) is { } most && history.Epochs.Count > 0
            ? [new ChartSeries("limit", [.. history.Epochs.Select(RunHistory.EpochOf).Distinct().Order().Select(epoch => (epoch, most))], Red, Dashed: true)]
            : [];

    /// <summary>A limit of the final network.</summary>
    /// <param name="Name">What it limits, with its unit.</param>
    /// <param name="Option">The option that sets it.</param>
    /// <param name="Total">The number of the result, in the totals of cost.json.</param>
    /// <param name="Expected">The field of epochs with its expectation.</param>
    /// <param name="Chart">The title of the chart over it.</param>
    /// <param name="Curve">The name of the curve.</param>
    private sealed record Limit(string Name, string Option, string Total, string Expected, string Chart, string Curve)
    {
        /// <summary>The limit of a run, or null.</summary>
        public double? Most(RunFolder run) => MetricRecord.Decode(JsonFiles.Flatten(run.Options).GetValueOrDefault(Option));
    }
}
