using System.Globalization;
using DcpNas.Runs.Report;
using DcpNas.SearchSpace;
using static DcpNas.Runs.ReportParts;

namespace DcpNas.Runs;

public static partial class SearchReport
{
    private static readonly string[] Cells = ["normal", "reduction"];

    /// <summary>How clearly alpha prefers the genotype: of the file where there is one, else after the last epoch.</summary>
    private static void AddDecision(HtmlBlock block, RunFolder run, RunHistory history)
    {
        var last = history.Epochs.LastOrDefault(record => DecisionSketch.Of(record.Json) is not null);
        if ((DecisionSketch.Of(run.ReadJson(RunFiles.Genotype)) ?? DecisionSketch.Of(last?.Json)) is not { } decision)
        {
            block.Note("Not recorded: no epoch is finished yet, the strategy has no alpha, or an older version wrote this run.");
            return;
        }

        if (!history.IsFinished && last is not null)
        {
            block.Note($"After epoch {EpochOf(last)}, {RunHistory.TrainedIn(last)}; the search may still decide more.");
        }

        block.Notice(decision.Summary, warning: decision.IsDecided == false && history.IsFinished);
        block.Charts(Cells.Select(cell => new DecisionChart { Title = $"{Capital(cell)} cell: probability of the winner on each edge", Edges = decision.Bars(cell) }.Render()));
        if (Measured(history, "winner_probability_normal"))
        {
            block.Charts(
                Chart(history, "Mean probability of the winner over the kept edges", (0, 1),
                    [.. Cells.Select(cell => history.OverEpochs($"{cell} cell", $"winner_probability_{cell}")), Uniform(history)]),
                Chart(history, "Kept edges that are decided", (0, CellTopology.NodeCount * CellTopology.EdgesKeptPerNode),
                    [.. Cells.Select(cell => history.OverEpochs($"{cell} cell", $"decided_edges_{cell}"))]));
        }

        block.Details("All edges", inner => inner.Table(
            ["cell", "edge", "kept", "winner", "probability#", "over uniform#", "next", "its probability#", "over the next#", "decided"],
            Cells.SelectMany(cell => decision.Bars(cell).Select(edge => (string[])
            [
                cell, edge.Edge, edge.Chosen ?? "", edge.Winner, Percent(edge.Probability), Percent(edge.Probability - Even), edge.RunnerUp, Percent(edge.RunnerUpProbability),
                Percent(edge.Probability - edge.RunnerUpProbability), edge.IsDecided ? "yes" : "no",
            ]))));
    }

    private static double Even => 1.0 / OperationNames.All.Count;

    private static ChartSeries Uniform(RunHistory history) =>
        new("uniform", [.. history.Epochs.Select(RunHistory.EpochOf).Distinct().Order().Select(epoch => (epoch, Even))], Grey, Dashed: true);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %");
}
