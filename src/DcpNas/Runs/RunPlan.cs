using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Runs;

/// <summary>What a search or a training will need before it starts: time, memory and disk, predicted from a short profiling run of its own steps on this machine.</summary>
/// <remarks>Wall time moves with the load of the machine; memory is that of the process, native libraries included (on a GPU: of the host alone).</remarks>
public sealed record RunPlan
{
    /// <summary>Memory that a long run may need beyond what a short profiling run shows: fragmentation of the allocator. Factor.</summary>
    public const double MemoryMargin = 1.25;

    /// <summary>What is planned: "search" or "training".</summary>
    public required string Kind { get; init; }

    /// <summary>What takes less memory if it is lowered or raised, beside the batch: the rest of a sentence after "Lower batch_size".</summary>
    public required string Levers { get; init; }

    /// <summary>What is learned from.</summary>
    public required string Dataset { get; init; }

    /// <summary>Device and threads of the profiling run.</summary>
    public required string Device { get; init; }

    /// <summary>What else is worth knowing before the start, one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What will run, but hardly to any use, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The numbers behind notes and warnings, by name.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>Every kind of work, with its number and its time.</summary>
    public required IReadOnlyList<PlannedWork> Work { get; init; }

    /// <summary>Whether the profiling run took smaller batches, because a full one would not fit; time and memory are then extrapolated.</summary>
    public required bool IsExtrapolated { get; init; }

    /// <summary>Most memory of the process, in bytes, without <see cref="MemoryMargin"/>.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Memory that this machine, or the container, could give the process now, in bytes.</summary>
    public required long AvailableMemoryBytes { get; init; }

    /// <summary>One checkpoint, in bytes.</summary>
    public required long CheckpointBytes { get; init; }

    /// <summary>Most disk space of the run folder, in bytes: checkpoints (three while one is written) and logs.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Free space where the run folder will be, in bytes.</summary>
    public required long FreeDiskBytes { get; init; }

    /// <summary>The largest batch that memory allows, where the one asked for does not fit and a smaller one does.</summary>
    public int? FittingBatchSize { get; init; }

    /// <summary>Wall time of all of it, in seconds.</summary>
    public double TotalSeconds => Work.Sum(work => work.TotalSeconds);

    /// <summary>What will not fit, one sentence each with what to lower; empty if it can start.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (MemoryProblem(Kind, Levers, PeakMemoryBytes * MemoryMargin, AvailableMemoryBytes, FittingBatchSize) is { } memory)
        {
            problems.Add(memory);
        }

        if (DiskBytes > FreeDiskBytes)
        {
            problems.Add($"Disk: the run folder needs {Gigabytes(DiskBytes)} and {Gigabytes(FreeDiskBytes)} are free. Free space, choose another folder, or lower channels or cells.");
        }

        return problems;
    }

    /// <summary>What is lacking in memory; null where it will do.</summary>
    /// <param name="kind">As <see cref="Kind"/>.</param>
    /// <param name="levers">As <see cref="Levers"/>.</param>
    /// <param name="needed">Bytes that it needs.</param>
    /// <param name="available">Bytes that there are.</param>
    /// <param name="fittingBatch">The largest batch that fits, where one does.</param>
    internal static string? MemoryProblem(string kind, string levers, double needed, long available, int? fittingBatch) => needed <= available ? null
        : $"Memory: the {kind} needs {Gigabytes(needed)} and {Gigabytes(available)} are available. "
            + $"Lower {(fittingBatch is { } fitting ? $"batch_size (to {fitting})" : "batch_size")}{levers}.";

    /// <summary>Everything, for other programs.</summary>
    public JsonObject ToJson() => new()
    {
        ["kind"] = Kind,
        ["dataset"] = Dataset,
        ["device"] = Device,
        ["fits"] = Problems().Count == 0,
        ["problems"] = JsonSerializer.SerializeToNode(Problems(), OptionsJson.Format),
        ["warnings"] = JsonSerializer.SerializeToNode(Warnings, OptionsJson.Format),
        ["measures"] = JsonSerializer.SerializeToNode(Measures, OptionsJson.Format),
        ["seconds"] = TotalSeconds,
        ["is_extrapolated"] = IsExtrapolated,
        ["peak_memory_bytes"] = PeakMemoryBytes,
        ["memory_margin"] = MemoryMargin,
        ["available_memory_bytes"] = AvailableMemoryBytes,
        ["checkpoint_bytes"] = CheckpointBytes,
        ["disk_bytes"] = DiskBytes,
        ["free_disk_bytes"] = FreeDiskBytes,
        ["fitting_batch_size"] = FittingBatchSize,
        ["work"] = new JsonArray([.. Work.Select(work => new JsonObject
        {
            ["name"] = work.Name,
            ["count"] = work.Count,
            ["seconds_each"] = work.SecondsEach,
            ["seconds"] = work.TotalSeconds,
        })]),
    };

    /// <summary>Free space where a folder is or will be, in bytes.</summary>
    internal static long FreeDisk(string folder)
    {
        var existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return new DriveInfo(existing).AvailableFreeSpace;
    }

    private static string Gigabytes(double bytes) => $"{bytes / 1e9:0.00} GB";
}

/// <summary>One kind of work.</summary>
/// <param name="Name">Of a search parent_weights, parent_alpha, child_weights, child_alpha, parent_evaluation, child_evaluation, selection, checkpoint; of a training its stages, as final_steps and final_evaluation, and test.</param>
/// <param name="Count">How often.</param>
/// <param name="SecondsEach">Wall time of one.</param>
public sealed record PlannedWork(string Name, long Count, double SecondsEach)
{
    /// <summary>Wall time of all, in seconds.</summary>
    public double TotalSeconds => Count * SecondsEach;
}
