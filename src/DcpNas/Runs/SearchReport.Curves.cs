using DcpNas.Runs.Report;
using DcpNas.SearchSpace;
using static DcpNas.Runs.ReportParts;

namespace DcpNas.Runs;

public static partial class SearchReport
{
    /// <summary>The least range of the axis of a lead: up to where the operation in front is twice as probable.</summary>
    private static readonly double LeadShown = Math.Log(2);

    private static readonly string[] KnownEpochFields =
    [
        MetricFields.Epoch, MetricFields.Round, MetricFields.Seconds, "supernet_train_top1", "supernet_valid_top1", "parent_loss", "child_loss",
        "reconstruction", "discrepancy", "gradient_cosine", "tangent_share", "step_cosine", "alpha_entropy_normal", "alpha_entropy_reduction", "skip_share", "pool_share", "none_share",
        "skip_share_reduction", "pool_share_reduction", "none_share_reduction", "weightless_margin_normal", "weightless_margin_reduction",
        "winner_probability_normal", "winner_probability_reduction", "decided_edges_normal", "decided_edges_reduction",
        "expected_ops", "expected_memory_mbit", "images_per_second", "peak_memory_mb", "data_wait_seconds",
    ];

    private static void AddCurves(HtmlBlock block, RunHistory history)
    {
        block.Note("Tinted ground: warm-up grey, parent epochs blue, child epochs orange. Dashed: training half. Red lines: warnings. The legend gives the last value.");
        block.Charts(
        [
            Chart(history, "Supernet top-1 accuracy", Accuracies(history)),
            Chart(history, "Loss (mean of the epoch)", history.OverEpochs("parent", "parent_loss", colour: Blue), history.OverEpochs("child", "child_loss", colour: Orange)),
            StepLosses(history),
            .. WhereMeasured(history, "Reconstruction error of the 1-bit weights", history.OverEpochs("sum over layers", "reconstruction", colour: Orange)),
        ]);
        block.Details("Speed and memory", inner => inner.Charts(
            Chart(history, "Images per second", history.OverEpochs("throughput", "images_per_second")),
            Chart(history, "Peak memory, MB", history.OverEpochs("process", "peak_memory_mb")),
            Chart(history, "Time per epoch, s", history.OverEpochs("whole epoch", MetricFields.Seconds), history.OverEpochs("waiting for data", "data_wait_seconds", colour: Grey))));
        var others = history.Epochs.SelectMany(record => record.Json.Select(pair => pair.Key)).Distinct(StringComparer.Ordinal)
            .Where(field => !KnownEpochFields.Contains(field) && history.Epochs.Any(record => record.Number(field) is not null)).ToList();
        if (others.Count > 0)
        {
            block.Details("Further measurements", inner => inner.Charts(others.Select(field => Chart(history, field, history.OverEpochs("all epochs", field)))));
        }
    }

    private static void AddDiscrepancy(HtmlBlock block, RunHistory history)
    {
        block.Charts(
        [
            .. WhereMeasured(history, "Discrepancy of the tangents", history.OverEpochs("distance", "discrepancy", colour: Blue)),
            .. WhereMeasured(history, "Cosine between parent and child gradients of alpha", history.OverEpochs("cosine", "gradient_cosine", colour: Orange)),
            .. WhereMeasured(history, "Tangent in the step of alpha: its share, and the cosine of the step with and without it",
                history.OverEpochs("share", "tangent_share", colour: Blue), history.OverEpochs("cosine", "step_cosine", colour: Orange)),
            Chart(history, "Entropy of softmax(alpha), nats: log 8 = 2.08 is uniform", (0, Math.Log(OperationNames.All.Count)), history.OverEpochs("normal cell", "alpha_entropy_normal"), history.OverEpochs("reduction cell", "alpha_entropy_reduction")),
            Shares(history, "Normal cell: share of edges by strongest operation", ""),
            .. Measured(history, "skip_share_reduction") ? [Shares(history, "Reduction cell: share of edges by strongest operation", "_reduction")] : (string[])[],
            .. WhereMeasured(history, "Lead of skip and pools over the best convolution, log(p / q)", (-LeadShown, LeadShown),
                history.OverEpochs("normal cell", "weightless_margin_normal"), history.OverEpochs("reduction cell", "weightless_margin_reduction")),
        ]);
        if (!Measured(history, "discrepancy"))
        {
            block.Note("No tangents were compared in the epochs so far.");
        }

        block.Note("A share of skip and pools that rises without end is the collapse that differentiable searches are known for.");
    }

    private static string Shares(RunHistory history, string title, string cell) => Chart(history, title, (0, 1),
        history.OverEpochs("skip", $"skip_share{cell}", colour: ChartStyle.OfOperation("skip_connect")),
        history.OverEpochs("pooling", $"pool_share{cell}", colour: ChartStyle.OfOperation("max_pool_3x3")),
        history.OverEpochs("none (mean probability)", $"none_share{cell}", colour: Grey));

    private static bool Measured(RunHistory history, string field) => history.Epochs.Any(record => record.Number(field) is not null);

    /// <summary>A chart, or none where the search measures nothing of it.</summary>
    private static string[] WhereMeasured(RunHistory history, string title, params ChartSeries[] series) => WhereMeasured(history, title, null, series);

    private static string[] WhereMeasured(RunHistory history, string title, (double First, double Last)? range, params ChartSeries[] series) =>
        series.Any(curve => curve.Points.Count > 0) ? [Chart(history, title, range, series)] : [];

    private static void AddAlpha(HtmlBlock block, RunHistory history, GenotypeSketch? genotype)
    {
        var networks = history.Alphas.Select(record => record.Text(MetricFields.Network) ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (networks.Count == 0)
        {
            block.Note("Nothing recorded yet: alpha is first written when its training starts.");
            return;
        }

        block.Note("One panel per edge, from its input to its node; the height of a colour is softmax(alpha) of the operation. Top right: the strongest operation and its share. "
            + "States 0 and 1 are the inputs of the cell, states 2 to 5 its nodes.");
        AddNetwork(block, networks[0]); // "child" sorts before "parent": the network that the genotype comes from
        foreach (var network in networks.Skip(1))
        {
            block.Details($"The same for the {network}", inner => AddNetwork(inner, network));
        }

        void AddNetwork(HtmlBlock target, string network)
        {
            foreach (var cell in (string[])["normal", "reduction"])
            {
                target.WideChart(new AlphaChart
                {
                    Title = $"{network}, {cell} cell",
                    Snapshots = history.Alpha(network, cell),
                    Kept = genotype?.Kept(cell) ?? [],
                }.Render());
            }
        }
    }

    private static ChartSeries[] Accuracies(RunHistory history)
    {
        var networks = history.Epochs.Select(RunHistory.TrainedIn).Distinct(StringComparer.Ordinal).ToList();
        return [.. networks.SelectMany(network =>
        {
            var colour = network switch { "parent" => Blue, "child" => Orange, _ => Grey };
            var name = network.Length == 0 ? "" : network + " ";
            return (ChartSeries[])
            [
                history.OverEpochs($"{name}supernet valid", "supernet_valid_top1", network, colour),
                history.OverEpochs($"{name}supernet train", "supernet_train_top1", network, colour, dashed: true),
            ];
        })];
    }

    private static string StepLosses(RunHistory history)
    {
        var phases = history.Steps.Select(record => record.Text(MetricFields.Phase) ?? "").Distinct(StringComparer.Ordinal).ToList();
        ChartSeries[] series = [.. phases.Select(phase => new ChartSeries(
                phase,
                StepCurve(history, phase),
                RunHistory.NetworkOf(phase) switch { "parent" => Blue, "child" => Orange, _ => Grey },
                Dashed: phase.EndsWith("alpha", StringComparison.Ordinal)))];
        var log = SpansDecades(series);
        return new LineChart { Title = log ? "Loss of the steps (log scale)" : "Loss of the steps", XLabel = "step", Dots = false, Series = series, Log = log }.Render();
    }

    /// <summary>The losses of one phase, with a gap where the other network was trained.</summary>
    private static List<(double Step, double Loss)> StepCurve(RunHistory history, string phase)
    {
        var points = new List<(double Step, double Loss)>();
        foreach (var record in history.Steps)
        {
            var (step, current) = (record.Number(MetricFields.Step) ?? 0, record.Text(MetricFields.Phase) ?? "");
            if (current == phase)
            {
                points.Add((step, record.Number(MetricFields.Loss) ?? double.NaN));
            }
            else if (RunHistory.NetworkOf(current) != RunHistory.NetworkOf(phase) && points is [.., var last] && double.IsFinite(last.Loss))
            {
                points.Add((step, double.NaN));
            }
        }

        return points;
    }
}
