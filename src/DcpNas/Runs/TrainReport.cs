using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Runs.Report;
using static DcpNas.Runs.ReportParts;

namespace DcpNas.Runs;

/// <summary>The report of a training: one page that explains itself, from nothing but the files of the run folder.</summary>
/// <remarks>It can be built at any time, also while the run goes on or after a kill; what is not there yet is said to be missing.</remarks>
public static class TrainReport
{
    private const string Top1 = "top1", TrainPrefix = "train_", ValidPrefix = "valid_";

    /// <summary>Builds <c>report.html</c> in the run folder.</summary>
    /// <param name="run">The run.</param>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputException">A file of the run is damaged, or the page cannot be written.</exception>
    public static string Build(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.WriteText(RunFiles.Report, Render(run));
        return run.PathOf(RunFiles.Report);
    }

    /// <summary>The page as text.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="InputException">A file of the run is damaged.</exception>
    public static string Render(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var goesOn = run.IsInUseElsewhere;
        var history = RunHistory.In(run.Path);
        var sessions = Sessions(run);
        var results = run.ReadJson(RunFiles.Results);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Path)));
        var page = new HtmlPage($"Training: {name}")
        {
            Badge = history.IsFinished ? "finished" : goesOn ? "running" : "interrupted",
            Subtitle = $"Started {StartOf(sessions)}, {Count(sessions.Count, "session")}. Report of {DateTimeOffset.Now.ToString(TimeFormat, CultureInfo.InvariantCulture)}. "
                + "Validation images are held out of the training set and select the best network; the test images are looked at once, at the end.",
        };
        var metric = MetricOf(history, results);
        AddHeadline(page.Lead, run, history, results, metric, goesOn);
        page.Section("Results", block => AddResults(block, results));
        page.Section("Learning curves", block => AddCurves(block, history, metric));
        page.Section("Sample predictions", block => AddSamples(block, run));
        page.Section("Cost", block => AddCost(block, run));
        page.Section("Health", block => AddEvents(block, history));
        page.Section("Options", block => AddOptions(block, run));
        page.Section("Environment", block => AddEnvironment(block, sessions));
        page.Section("Files and command", block => AddFiles(block, run, history));
        return page.Render();
    }

    /// <summary>Adds what a training came to to the page of the search that found its network.</summary>
    /// <param name="page">The page of the search.</param>
    /// <param name="run">The training.</param>
    internal static void AddTo(HtmlPage page, RunFolder run)
    {
        var history = RunHistory.In(run.Path);
        var results = run.ReadJson(RunFiles.Results);
        page.Section("Found network, trained", block =>
        {
            AddResults(block, results);
            block.Note($"Everything about this training: {RunFiles.TrainFolder}/{RunFiles.Report}.");
        });
        page.Section("Training: learning curves", block => AddCurves(block, history, MetricOf(history, results)));
        page.Section("Training: sample predictions", block => AddSamples(block, run));
    }

    private static void AddHeadline(HtmlBlock lead, RunFolder run, RunHistory history, JsonObject? results, string metric, bool goesOn)
    {
        var options = JsonFiles.Flatten(run.Options);
        lead.Tiles(
        [
            ($"test {TitleOf(metric)}", results?["test"]?[metric] is { } test ? Share(test) : "none yet"),
            ($"validation {TitleOf(metric)}, best epoch", results?["validation"]?[metric] is { } valid ? Share(valid) : BestSoFar(history, metric)),
            ("dataset", results?["dataset"] is { } dataset ? Cell(dataset) : Option(options, "dataset") ?? "not stated"),
            ("architecture", Option(options, "architecture") ?? "not stated"),
            ("binarisation scheme", Option(options, "scheme") ?? "not stated"),
            ("seed", Option(options, "seed") ?? "not stated"),
            ("epochs done", $"{history.EpochCount}"),
            ("time in epochs", Units.Duration(history.TimeSpent)),
        ]);
        if (Option(options, "genotype") is { } genotype && genotype.Contains('['))
        {
            lead.Preformatted(genotype.Replace(" | ", "\n", StringComparison.Ordinal));
        }

        if (!history.IsFinished)
        {
            lead.Notice(
                goesOn ? "The run goes on; this page shows what it has written so far." : "The run is unfinished. Run its command again in the same folder to resume it.",
                warning: !goesOn);
        }
    }

    private static void AddResults(HtmlBlock block, JsonObject? results)
    {
        if (results is null)
        {
            block.Note($"Not measured yet ({RunFiles.Results}).");
            return;
        }

        var names = (results["test"] as JsonObject ?? []).Select(pair => pair.Key).ToList();
        block.Table(["images", "number#", .. names.Select(name => name + "#")],
        [
            ["validation", Cell(results["images"]?["validation"]), .. names.Select(name => Cell(results["validation"]?[name]))],
            ["test", Cell(results["images"]?["test"]), .. names.Select(name => Cell(results["test"]?[name]))],
        ]);
        block.Paragraph($"Learned from {Cell(results["images"]?["train"])} images of {Cell(results["dataset"])}; best epoch {(MetricRecord.Decode(results["best_epoch"]) is { } best ? Units.Number(best + 1) : "not stated")}, counted over all steps.");
        var (used, available) = (Cell(results["images"]?["test"]), Cell(results["images"]?["test_available"]));
        if (used != available)
        {
            block.Notice($"Only {used} of {available} test images were used: this is no number to publish.", warning: true);
        }
    }

    private static void AddCurves(HtmlBlock block, RunHistory history, string metric)
    {
        var stages = history.Epochs.Select(RunHistory.TrainedIn).Distinct(StringComparer.Ordinal).ToList();
        block.Note("Tinted ground: teacher grey, step 1 blue, last step orange. Dashed: training images, augmented. Red lines: warnings. The legend gives the last value.");
        block.Charts(
            Chart(history, metric == Top1 ? "Top-1 accuracy" : TitleOf(metric), Pair(metric)),
            Chart(history, "Loss (mean of the epoch)", Pair("loss")),
            Steps("Loss of the steps", MetricFields.Loss),
            Steps("Learning rate", "rate"));
        var others = Others(history, metric);
        if (others.Count > 0)
        {
            block.Details("Other measures on validation images", inner => inner.Charts([.. others.Select(other =>
                Chart(history, TitleOf(other), [.. stages.Select(stage => history.OverEpochs(stage, $"valid_{other}", stage, ColourOf(stage)))]))]));
        }

        block.Details("Gradient, speed and memory", inner => inner.Charts(
            Chart(history, "Norm of the gradient before clipping", history.OverEpochs("mean", "gradient_norm")),
            Chart(history, "Images per second", history.OverEpochs("throughput", "images_per_second")),
            Chart(history, "Peak memory, MB", history.OverEpochs("process", "peak_memory_mb")),
            Chart(history, "Time per epoch, s", history.OverEpochs("steps", MetricFields.Seconds), history.OverEpochs("waiting for data", "data_wait_seconds", colour: Grey))));

        ChartSeries[] Pair(string metric) =>
        [
            .. stages.SelectMany(stage => (ChartSeries[])
            [
                history.OverEpochs($"{stage} valid", $"valid_{metric}", stage, ColourOf(stage)),
                history.OverEpochs($"{stage} train", $"train_{metric}", stage, ColourOf(stage), dashed: true),
            ]),
        ];

        string Steps(string title, string field)
        {
            ChartSeries[] series = [.. stages.Select(stage => new ChartSeries(stage,
                [.. history.Steps.Where(record => record.Text(MetricFields.Phase) == stage).Select(record => (record.Number(MetricFields.Step) ?? 0, record.Number(field) ?? double.NaN))],
                ColourOf(stage)))];
            var log = SpansDecades(series);
            return new LineChart { Title = log ? title + " (log scale)" : title, XLabel = "step", Dots = false, Series = series, Log = log }.Render();
        }
    }

    private static void AddSamples(HtmlBlock block, RunFolder run)
    {
        var file = run.ReadJson(RunFiles.Samples);
        if (file?["groups"] is JsonArray groups)
        {
            AddGroups(block, file, groups);
            return;
        }

        if (file?["samples"] is not JsonArray samples)
        {
            block.Note($"Not drawn yet ({RunFiles.Samples}).");
            return;
        }

        block.Note("Test images, evenly spread: the true class, then what the best network says and how sure it is where it differs.");
        block.Gallery(samples.OfType<JsonObject>().Select(sample =>
        {
            var (label, predicted) = (Cell(sample["label"]), Cell(sample["predicted"]));
            var confidence = Share(sample["confidence"]);
            return (Convert.FromBase64String(Cell(sample["png"])), label == predicted ? $"{label}, {confidence}" : $"{label}, not {predicted} ({confidence})", label == predicted);
        }));
    }

    private static void AddGroups(HtmlBlock block, JsonObject file, JsonArray groups)
    {
        if (file["note"] is { } note)
        {
            block.Note(Cell(note));
        }

        foreach (var group in groups.OfType<JsonObject>())
        {
            block.Heading(Cell(group["heading"])).Gallery((group["images"] as JsonArray ?? []).OfType<JsonObject>()
                .Select(image => (Convert.FromBase64String(Cell(image["png"])), Cell(image["caption"]), image["good"]?.GetValue<bool>() ?? true)));
        }
    }

    /// <summary>The metric that selects: stated by the results; before them, by the name that its training value has in the log.</summary>
    private static string MetricOf(RunHistory history, JsonObject? results) =>
        results?["primary_metric"]?.GetValue<string>()
        ?? history.Epochs.SelectMany(record => record.Json).Select(field => field.Key).FirstOrDefault(name => name.StartsWith(TrainPrefix, StringComparison.Ordinal) && name != TrainPrefix + MetricFields.Loss)?[TrainPrefix.Length..]
        ?? Top1;

    /// <summary>Other measures of validation, in the order of the log.</summary>
    private static List<string> Others(RunHistory history, string metric) =>
    [
        .. history.Epochs.SelectMany(record => record.Json).Select(field => field.Key).Where(name => name.StartsWith(ValidPrefix, StringComparison.Ordinal)).Select(name => name[ValidPrefix.Length..])
            .Where(name => name != metric && name != MetricFields.Loss && name != "top5").Distinct(StringComparer.Ordinal),
    ];

    private static string TitleOf(string metric) => metric switch
    {
        Top1 => "top-1",
        "map" => "mAP",
        "minp" => "mINP",
        _ when metric.StartsWith("rank", StringComparison.Ordinal) => $"rank-{metric[4..]}",
        _ => metric,
    };

    private static string BestSoFar(RunHistory history, string metric)
    {
        var values = history.OverEpochs("", $"valid_{metric}", "final").Points.Select(point => point.Y).Where(double.IsFinite).ToList();
        return values.Count == 0 ? "none yet" : FormattableString.Invariant($"{values.Max() * 100:0.0} %");
    }

    private static string ColourOf(string stage) => stage switch { "step1" => Blue, "final" => Orange, _ => Grey };

    private static string Share(JsonNode? value) => MetricRecord.Decode(value) is { } share ? FormattableString.Invariant($"{share * 100:0.0} %") : "unknown";
}
