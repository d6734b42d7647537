using DcpNas.Runs;

namespace DcpNas.Comparison;

/// <summary>The result as comma-separated values: a line per training, for <c>pandas.read_csv("compare.csv")</c>.</summary>
internal static class ComparisonCsv
{
    private static readonly string[] Columns =
    [
        "row", "primary", "search_seed", "train_seed", "state", "top1", "top5", "loss", "test_images", "channels", "cells", "ops", "ops_deviation", "mbit", "flash_bytes", "arena_bytes", "instructions",
        "search_seconds", "search_cpu_seconds", "candidates", "train_seconds", "percentile", "genotype",
    ];

    /// <summary>The text: rows in their order, seeds in theirs; a job without a training has one line without numbers.</summary>
    public static string Of(ComparisonResult result) => CsvText.Of(Columns, result.Rows.SelectMany(row => row.Jobs.SelectMany(job => Lines(result, row, job))));

    private static IEnumerable<IReadOnlyList<object?>> Lines(ComparisonResult result, ComparisonRow row, JobRecord job)
    {
        var isPrimary = row.Name == result.Options.PrimaryRow ? 1 : 0;
        var searchSeed = row.Entry.Kind == RowKind.Genotype ? (int?)null : job.Seed;
        var state = $"{job.State}".ToLowerInvariant();
        return job.Trainings.Count == 0
            ? [[row.Name, isPrimary, searchSeed, .. (object?[])[null, state], .. new object?[17], job.Genotype]]
            : job.Trainings.Select(training => (IReadOnlyList<object?>)
            [
                row.Name, isPrimary, searchSeed, training.Seed, state, training.Result.Top1, training.Result.Top5, training.Result.Loss, training.Result.TestImages,
                training.Result.Channels, training.Result.Cells, training.Result.Ops, training.Result.OpsDeviation, training.Result.Mbit,
                training.Result.OnChip?.FlashBytes, training.Result.OnChip?.ArenaBytes, training.Result.OnChip?.Instructions,
                training.Result.SearchSeconds, job.SearchCpuSeconds, job.Selection?.Candidates, training.Result.TrainSeconds,
                row.Place is null ? null : result.Population?.Percentile(training.Result.Top1), job.Genotype,
            ]);
    }
}
