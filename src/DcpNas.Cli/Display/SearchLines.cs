using DcpNas.Search;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>The lines that a search shows apart from its epochs.</summary>
internal static class SearchLines
{
    /// <summary>What begins now.</summary>
    public static string Start(SearchStart start)
    {
        var options = start.Options;
        var strategy = options.Strategy.ToString().ToLowerInvariant();
        return $"Searching ({strategy}, scheme {options.Scheme.ToString().ToLowerInvariant()}, seed {options.Seed}) on {start.Dataset}: "
            + $"{Count(options.Cells, "cell")}, {Count(options.Channels, "channel")}, {(options.Restarts > 1 ? $"{options.Restarts} restarts, in all " : "")}{Count(start.Epochs.Count, "epoch")} of {Count(start.StepsPerEpoch, "step")}, "
            + $"batch {options.BatchSize}, {options.Device}, {Count(options.Threads, "thread")}.{Limits(options)}";
    }

    /// <summary>The limits of the final network as the end of a line, or nothing.</summary>
    public static string Limits(SearchOptions options)
    {
        string[] limits =
        [
            .. options.MaxOps is { } ops ? [Text($"{ops / 1e6:0.###} M OPs")] : (string[])[],
            .. options.MaxMemoryMbit is { } memory ? [Text($"{memory:0.###} Mbit")] : (string[])[],
            .. options.MaxFlash is { } flash ? [Text($"{flash:N0} bytes of flash")] : (string[])[],
            .. options.MaxRam is { } ram ? [Text($"{ram:N0} bytes of RAM")] : (string[])[],
            .. options.MaxInstructions is { } instructions ? [Text($"{instructions:N0} instructions an image")] : (string[])[],
            .. options.Chip is { IsLimited: true, Target: var target } ? [$"on {target}"] : (string[])[],
        ];
        return limits.Length == 0 ? "" : $" Limits of the final network: {string.Join(", ", limits)}.";
    }

    /// <summary>How far the choice of the genotype is, after the last epoch.</summary>
    public static string Selection(SearchStatus status)
    {
        var options = status.Start!.Options;
        var judged = options.Selection == GenotypeSelection.Sampled ? "genotypes scored with the shared weights" : "supernets without an operation evaluated";
        return $"selection: {status.Evaluations} of {SearchSchedule.SelectionEvaluations(options)} {judged}";
    }

    /// <summary>Where the search stands, within an epoch.</summary>
    public static string Step(SearchStatus status)
    {
        var (start, step) = (status.Start!, status.Step!);
        var alpha = step.Architecture is { } architecture ? Text($", alpha {architecture.Loss:0.000}") : "";
        return Text($"epoch {step.Epoch.Index + 1,3}/{start.Epochs.Count} {Phase(step.Epoch.Phase),-6} step {step.Step + 1}/{start.StepsPerEpoch}  loss {step.Weights.Loss:0.000}{alpha}")
            + $"  {Text($"{status.ImagesPerSecond:0.0}")} images/s  memory {Bytes(ProcessMemory.CurrentMegabytes() * 1e6)}  left {status.TimeLeft}";
    }
}
