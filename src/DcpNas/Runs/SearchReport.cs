using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Runs.Report;
using static DcpNas.Runs.ReportParts;

namespace DcpNas.Runs;

/// <summary>The report of a search: one page that explains itself, from nothing but the files of the run folder.</summary>
/// <remarks>
/// It can be built at any time, also while the run goes on or after a kill; what is not there yet is said to be missing. Where the folder holds a
/// training of the found network (<see cref="RunFiles.TrainFolder"/>), the page tells its results as well.
/// </remarks>
public static partial class SearchReport
{
    /// <summary>Builds <c>report.html</c> in the run folder.</summary>
    /// <param name="run">The run.</param>
    /// <param name="running">Whether the page should call an unfinished run running; by default if another process writes into the folder now.</param>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputException">A file of the run is damaged, or the page cannot be written.</exception>
    public static string Build(RunFolder run, bool? running = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.WriteText(RunFiles.Report, Render(run, running));
        return run.PathOf(RunFiles.Report);
    }

    /// <summary>The page as text.</summary>
    /// <param name="run">The run.</param>
    /// <param name="running">As for <see cref="Build"/>.</param>
    /// <exception cref="InputException">A file of the run is damaged.</exception>
    public static string Render(RunFolder run, bool? running = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var goesOn = running ?? run.IsInUseElsewhere;
        var history = RunHistory.In(run.Path);
        var genotype = run.ReadJson(RunFiles.Genotype) is { } json ? new GenotypeSketch(json) : null;
        var sessions = Sessions(run);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Path)));
        var page = new HtmlPage($"Architecture search: {name}")
        {
            Badge = history.IsFinished ? "finished" : goesOn ? "running" : "interrupted",
            Subtitle = $"Started {StartOf(sessions)}, {Count(sessions.Count, "session")}. "
                + $"Report of {DateTimeOffset.Now.ToString(TimeFormat, CultureInfo.InvariantCulture)}. "
                + "Accuracies marked supernet are those of the weight-sharing network, a proxy; the found architecture has to be trained to know its own.",
        };
        var selection = run.ReadJson(Path.Combine(RunFiles.SelectionFolder, RunFiles.Selection));
        AddHeadline(page.Lead, run, history, genotype, selection, goesOn);
        var training = run.PathOf(RunFiles.TrainFolder);
        if (File.Exists(Path.Combine(training, RunFiles.Options)))
        {
            TrainReport.AddTo(page, RunFolder.OpenForReading(training));
        }

        if (selection is not null)
        {
            page.Section("Selection", block => AddSelection(block, run, selection));
        }

        page.Section("Architecture", block => AddCells(block, run, history, genotype));
        page.Section("Decision", block => AddDecision(block, run, history));
        page.Section("Learning curves", block => AddCurves(block, history));
        page.Section("Parent and child", block => AddDiscrepancy(block, history));
        page.Section("Architecture parameters over time", block => AddAlpha(block, history, genotype));
        if (run.ReadJson(RunFiles.Rank) is { } rank)
        {
            page.Section("What the search knows", block => AddRank(block, rank));
        }

        page.Section("Cost", block =>
        {
            AddCost(block, run);
            AddExpectedCost(block, run, history);
        });
        page.Section("Health and budget", block =>
        {
            AddBudget(block, run, history);
            AddEvents(block, history);
        });
        page.Section("Options", block => AddOptions(block, run));
        page.Section("Environment", block => AddEnvironment(block, sessions));
        page.Section("Files and command", block => AddFiles(block, run, history));
        return page.Render();
    }

    private static void AddHeadline(HtmlBlock lead, RunFolder run, RunHistory history, GenotypeSketch? genotype, JsonObject? selection, bool goesOn)
    {
        var options = JsonFiles.Flatten(run.Options);
        var epochs = Option(options, "epochs");
        var last = history.Epochs.LastOrDefault(record => record.Number("supernet_valid_top1") is { } top1 && double.IsFinite(top1));
        lead.Tiles(
        [
            ("strategy", Option(options, "strategy") ?? genotype?.Provenance("strategy") ?? "not stated"),
            ("dataset", Option(options, "dataset_name") ?? genotype?.Provenance("dataset") ?? Option(options, "dataset") ?? "not stated"),
            ("binarisation scheme", Option(options, "scheme") ?? "not stated"),
            ("seed", Option(options, "seed") ?? Option(options, "seeds") ?? genotype?.Provenance("seed") ?? "not stated"),
            ("epochs done", epochs is null ? $"{history.EpochCount}" : $"{history.EpochCount} of {epochs}"),
            ("time in epochs", Units.Duration(history.TimeSpent)),
            last is null ? ("supernet valid top-1", "none yet")
                : ($"{RunHistory.TrainedIn(last)} supernet valid top-1, epoch {EpochOf(last)}".TrimStart(), string.Create(CultureInfo.InvariantCulture, $"{last.Number("supernet_valid_top1") * 100:0.0} %")),
        ]);
        if (genotype is not null)
        {
            lead.Preformatted(genotype.Text);
            if (selection is not null)
            {
                lead.Note("Above: the genotype of alpha's argmax. Selected by brief trainings:");
                lead.Preformatted(JsonFiles.Show(selection["genotype_text"]).Replace(" | ", "\n", StringComparison.Ordinal));
            }
        }
        else if (history.Genotypes is [.., var current])
        {
            lead.Note($"Genotype if the search ended after epoch {Units.Number(current.Epoch)}:");
            lead.Preformatted(current.Genotype.Replace(" | ", "\n", StringComparison.Ordinal));
        }

        if (!history.IsFinished)
        {
            lead.Notice(
                goesOn ? "The run goes on; this page shows what it has written so far." : "The run is unfinished. Run its command again in the same folder to resume it.",
                warning: !goesOn);
        }
    }

    private static void AddCells(HtmlBlock block, RunFolder run, RunHistory history, GenotypeSketch? genotype)
    {
        foreach (var (file, caption) in ((string, string)[])[(RunFiles.NormalCell, "Normal cell: every edge keeps the size of the image"), (RunFiles.ReductionCell, "Reduction cell: the edges that leave an input halve it (stride 2)")])
        {
            if (run.ReadText(file) is { } svg)
            {
                block.Picture(svg, caption);
            }
            else
            {
                block.Note($"{caption}: not drawn yet ({file}).");
            }
        }

        if (genotype is null)
        {
            block.Note($"No genotype yet ({RunFiles.Genotype}).");
        }

        var genotypes = history.Genotypes;
        if (genotypes.Count > 1)
        {
            var changes = Enumerable.Range(1, genotypes.Count - 1).Where(index => genotypes[index].Genotype != genotypes[index - 1].Genotype).ToList();
            block.Paragraph(changes.Count == 0
                ? $"The strongest genotype was the same after each of the {genotypes.Count} epochs that were recorded."
                : $"The strongest genotype changed {Count(changes.Count, "time")}, last in epoch {Units.Number(genotypes[changes[^1]].Epoch)} of {Units.Number(genotypes[^1].Epoch)}.");
        }
    }
}
