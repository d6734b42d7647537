using DcpNas.Runs;
using DcpNas.Runs.Report;
using DcpNas.SearchSpace;
using static DcpNas.Comparison.ComparisonTables;

namespace DcpNas.Comparison;

/// <summary>The result as a page.</summary>
/// <param name="folder">The folder of the comparison.</param>
/// <param name="result">What it has come to.</param>
internal sealed class ComparisonPage(RunFolder folder, ComparisonResult result)
{
    /// <summary>The page.</summary>
    public string Render()
    {
        var jobs = result.Jobs;
        var page = new HtmlPage($"Comparison: {Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)))}")
        {
            Badge = jobs.All(job => job.State == JobState.Finished) ? "finished" : "unfinished",
            Subtitle = Headline(result),
        };
        foreach (var failed in jobs.Where(job => job.State == JobState.Failed))
        {
            page.Lead.Notice($"{failed.Strategy}, seed {failed.Seed} failed: {failed.Error}", warning: true);
        }

        foreach (var note in Notes(result))
        {
            page.Lead.Notice(note, warning: !IsPlain(result, note));
        }

        page.Section("Leaderboard", Leaderboard);
        page.Section("Seeds", block => block.WideChart(Forest().Render()));
        if (result.Ranks.Count > 0)
        {
            page.Section("What the searches know", block => block.Table(SearchRankTable.Columns, SearchRankTable.Rows(result)).Note(SearchRankTable.Explanation));
        }

        page.Section("Accuracy against operations", block => block.WideChart(Intervals().Render()));
        page.Section("Learning curves", block => block
            .WideChart(ComparisonCurves.Of(folder, result).Render())
            .Note("Top-1 on the held-out images after each epoch of the last step of the training, the mean over the trainings of a row."));
        page.Section("Chosen operations", block => block.WideChart(Operations().Render()).Note("Share of the eight edges of a cell that carry an operation, the mean over the genotypes of a row."));
        page.Section("Networks", block => block.CellTable(["network", "top-1#", result.Options.EqualOps ? "off the target#" : "off the mean OPs#", "cells"], Networks()).Note(result.Options.EqualOps ? Meaning(result.Options) : Width(result.Options, result.TargetOps)));
        page.Section("Cost", block => block.Table(CostColumns(result), Costs(result)).Note("Search, CPU: processor time of the search over all sessions, on a GPU wall-clock time."));
        page.Section("The paper", block => block
            .Table(["row", "what", "top-1, ImageNet#", "where"], ComparisonStrategies.All.Where(strategy => strategy.Paper is not null)
                .Select(strategy => (string[])[strategy.Name, strategy.Meaning, Text($"{strategy.Paper!.Top1:0.0} %"), strategy.Paper.Source]))
            .Note($"Figures of Li et al., DCP-NAS, arXiv:2306.15390. {PaperNote}"));
        page.Section("Options", block => block.Table(["option", "value"], JsonFiles.Flatten(result.Options.ToJson()).Select(pair => (string[])[pair.Key, JsonFiles.Show(pair.Value)])));
        return page.Render();
    }

    private void Leaderboard(HtmlBlock block)
    {
        block.Table(LeaderColumns(result), Leaders(result));
        if (Primary(result) is { Count: > 0 } primary)
        {
            block.Heading($"The primary row, {result.Options.PrimaryRow}, against the others").Table(PrimaryColumns, primary);
        }

        if (result.Population is { } population)
        {
            block.Heading(PopulationPlaceTable.Title(population)).Table(PopulationPlaceTable.Columns, PopulationPlaceTable.Rows(result)).Note(PopulationPlaceTable.Explanation);
        }

        block.Note(Explanation(result));
        block.Table(["row", "what"], result.Ranked.Select(row => (string[])[row.Name, row.Entry.Meaning]));
    }

    private ForestChart Forest() => new()
    {
        Title = "Top-1 accuracy on the test images: every seed, mean and 95 % interval",
        XLabel = "top-1",
        Emphasis = result.Options.PrimaryRow,
        Reference = result.Rows.FirstOrDefault(row => row.Name == ComparisonStrategies.Random)?.Top1 is { } random ? (random.Mean, "mean of random")
            : result.Population is { } population ? (population.Accuracy.Mean, "mean of the population") : null,
        Groups = [.. result.Ranked.Where(row => !row.IsShared).Select(row => new IntervalGroup(
            row.Name, [.. row.Jobs.Where(job => job.Result is not null).Select(job => (job.Result!.Top1, 0.0, $"seed {job.Seed}"))], row.Top1?.Low, row.Top1?.High))],
    };

    private IntervalChart Intervals() => new()
    {
        Title = "Top-1 accuracy of trained networks, test images",
        XLabel = "OPs of the network, M",
        YLabel = "top-1, mean and 95 % interval",
        Groups = [.. result.Ranked.Where(row => !row.IsShared).Select(row => new IntervalGroup(
            row.Name, [.. row.Jobs.Where(job => job.Result is not null).Select(job => (job.Result!.Ops / 1e6, job.Result.Top1, $"seed {job.Seed}"))], row.Top1?.Low, row.Top1?.High))],
    };

    private HeatChart Operations()
    {
        var rows = result.Ranked.Where(row => !row.IsShared).Select(row => (row.Name, Genotypes: row.Jobs.Where(job => job.Genotype is not null).Select(job => Genotype.Parse(job.Genotype!)).ToList()))
            .Where(row => row.Genotypes.Count > 0).ToList();
        string[] operations = [.. OperationNames.All.Where(name => name != OperationNames.None)];
        return new HeatChart
        {
            Title = "Operations of the genotypes, in percent of the edges",
            Rows = [.. rows.Select(row => row.Name)],
            Groups = ["normal cell", "reduction cell"],
            Columns = [.. operations.Select(name => (name, ChartStyle.OfOperation(name)))],
            Share = (row, cell, operation) => rows[row].Genotypes.Average(genotype =>
                (cell == 0 ? genotype.Normal : genotype.Reduction).Edges().Select(edge => edge.Edge.Operation == operations[operation] ? 1.0 : 0).Average()),
        };
    }

    /// <summary>Every job, the best first, with its cells and the reports of its runs.</summary>
    private IEnumerable<IReadOnlyList<HtmlCell>> Networks() => result.Jobs.OrderByDescending(job => job.Result?.Top1 ?? double.NegativeInfinity).Select(job => (IReadOnlyList<HtmlCell>)
    [
        new HtmlCell($"{job.Strategy}, seed {job.Seed}{(job.State == JobState.Finished ? "" : $": {job.State}".ToLowerInvariant())}") { Links = [.. Links(job)] },
        HtmlCell.Of(job.Result is { } found ? $"{Accuracy(found)}{(job.Trainings.Count > 1 ? $" (mean of {job.Trainings.Count})" : "")}" : ""),
        HtmlCell.Of(job.Result is { } trained ? OffTarget(result.Options, trained) : ""),
        new HtmlCell("") { Pictures = job.Genotype is { } text ? [.. Pictures(Genotype.Parse(text))] : [] },
    ]);

    private static IEnumerable<(string Svg, string Caption)> Pictures(Genotype genotype) =>
        [(CellDiagram.Svg(genotype.Normal, "Normal cell"), $"Normal cell: {genotype.Normal}"), (CellDiagram.Svg(genotype.Reduction, "Reduction cell"), $"Reduction cell: {genotype.Reduction}")];

    private IEnumerable<(string Text, string Path)> Links(JobRecord job)
    {
        var runs = Enumerable.Repeat((Name: "search", Folder: ComparisonWork.SearchFolder), 1).Concat(job.Trainings.Select(training => (
            Name: job.Trainings.Count == 1 ? "training" : $"training {training.Seed}", Folder: ComparisonJob.TrainFolderOf(job.Seed, training.Seed))));
        return runs.Select(run => (run.Name, Path: $"{ComparisonQueue.Folder}/{job.Name}/{run.Folder}/{RunFiles.Report}")).Where(link => File.Exists(folder.PathOf(link.Path)));
    }
}
