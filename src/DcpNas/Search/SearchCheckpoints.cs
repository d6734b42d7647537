using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Writes and restores the whole state of a search: weights, alpha, optimisers, psi, the guard's memory, progress and the place in the log.</summary>
/// <remarks>Random generators need no state here: every draw is seeded by the step it belongs to (<see cref="SearchLoop"/>).</remarks>
public sealed class SearchCheckpoints : ISearchCheckpoints
{
    private const string ParentPrefix = "parent";
    private const string ChildPrefix = "child";
    private const string Alpha = "alpha";
    private const string Earlier = "earlier_alpha";
    private const string EarlierPair = "restart";
    private static readonly CellKind[] Kinds = [CellKind.Normal, CellKind.Reduction];
    private readonly string _path;
    private readonly SearchNetworks _networks;
    private readonly SearchGuard _guard;
    private readonly DataIdentity _data;
    private readonly TimeSpan _interval;
    private readonly Func<long> _flushLog;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Creates the keeper of a run's checkpoints.</summary>
    /// <param name="path">The file.</param>
    /// <param name="networks">What learns.</param>
    /// <param name="guard">The guard.</param>
    /// <param name="data">What identifies the data; another data set is refused on resume.</param>
    /// <param name="interval">Most time between two checkpoints.</param>
    /// <param name="flushLog">Brings the log to the disk and gives its length in bytes.</param>
    public SearchCheckpoints(string path, SearchNetworks networks, SearchGuard guard, DataIdentity data, TimeSpan interval, Func<long> flushLog)
    {
        (_path, _networks, _guard, _data, _interval, _flushLog) = (path, networks, guard, data, interval, flushLog);
    }

    /// <inheritdoc/>
    public void AfterStep(SearchProgress progress)
    {
        if (Stopwatch.GetElapsedTime(_last) >= _interval)
        {
            Save(progress);
        }
    }

    /// <inheritdoc/>
    public void Save(SearchProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        using var scope = NewDisposeScope();
        var state = new JsonObject
        {
            ["progress"] = progress.ToJson(),
            [Checkpoint.ThreadsKey] = get_num_threads(),
            ["log_position"] = _flushLog(),
            [ParentPrefix] = Describe(_networks.Parent),
            [ChildPrefix] = Describe(_networks.Child),
        };
        Checkpoint.Describe(state, _data);
        using var checkpoint = new Checkpoint(state);
        Add(checkpoint, ParentPrefix, _networks.Parent);
        Add(checkpoint, ChildPrefix, _networks.Child);
        foreach (var phase in Enum.GetValues<SearchPhase>())
        {
            foreach (var (restart, network) in _networks.Trained(phase).SkipLast(1).Index())
            {
                checkpoint.AddModule(EarlierKey(restart, phase), network);
            }
        }

        foreach (var (name, value) in _guard.Healthy)
        {
            checkpoint.Add($"healthy.{name}", value);
        }

        checkpoint.Save(_path);
        _last = Stopwatch.GetTimestamp();
    }

    /// <summary>The alpha that a search has reached, on the CPU, without its networks.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="options">The options of the search.</param>
    /// <param name="warn">Is told when the newest file is damaged and the one before it is used.</param>
    public static ArchitectureParameters ReadArchitecture(string path, SearchOptions options, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var checkpoint = Checkpoint.LoadNewest(path, warn);
        using var _ = no_grad();
        var architecture = new ArchitectureParameters(options.EdgeNormalization);
        Restore(checkpoint, SearchNetworks.DecidingPhase(options.Strategy) == SearchPhase.Parent ? ParentPrefix : ChildPrefix, architecture, Alpha);
        return architecture;
    }

    /// <summary>Brings networks and guard to the state of the newest checkpoint.</summary>
    /// <param name="warn">Is told when the newest file is damaged and the one before it is used.</param>
    /// <returns>The progress and the length of the log; null where there is no checkpoint yet.</returns>
    /// <exception cref="InputException">The checkpoint belongs to other data, another thread count or another supernet.</exception>
    public (SearchProgress Progress, long LogPosition)? Restore(Action<string> warn)
    {
        if (!Checkpoint.Exists(_path))
        {
            return null;
        }

        // No dispose scope here: the optimisers keep the tensors that they read.
        using var checkpoint = Checkpoint.LoadNewest(_path, warn);
        checkpoint.DemandSameRun(_data);
        Restore(checkpoint, ParentPrefix, _networks.Parent);
        Restore(checkpoint, ChildPrefix, _networks.Child);
        var progress = SearchProgress.FromJson(checkpoint.Ask("progress"));
        for (var restart = 0; restart < _networks.EarlierPairsAt(progress); restart++)
        {
            if (!checkpoint.Tensors.Keys.Any(name => name.StartsWith($"{EarlierKey(restart, SearchPhase.Parent)}.", StringComparison.Ordinal)))
            {
                throw InputException.InFile(_path, EarlierKey(restart, SearchPhase.Parent), "the supernets of an earlier restart, which score genotypes", "none", "An older version wrote it without them: search again in a new folder.");
            }

            var pair = _networks.NewEarlierPair();
            checkpoint.RestoreModule(EarlierKey(restart, SearchPhase.Parent), pair.Parent);
            checkpoint.RestoreModule(EarlierKey(restart, SearchPhase.Child), pair.Child);
        }

        using var _ = no_grad();
        foreach (var (name, value) in _guard.Healthy)
        {
            value.copy_(checkpoint.Get($"healthy.{name}"));
        }

        return (progress, checkpoint.Ask("log_position").Whole(0, long.MaxValue));
    }

    private static JsonObject Describe(SearchNetworks.Side side) => new()
    {
        ["architecture_rate"] = side.Alpha.Rate,
        ["corrected_normal"] = Flags(side.Alpha.Backtracking(CellKind.Normal)),
        ["corrected_reduction"] = Flags(side.Alpha.Backtracking(CellKind.Reduction)),
    };

    private static JsonArray Flags(Backtracking backtracking) => [.. backtracking.Corrected.Select(flag => (JsonNode?)JsonValue.Create(flag))];

    private static void Add(Checkpoint checkpoint, string prefix, SearchNetworks.Side side)
    {
        checkpoint.AddModule($"{prefix}.weights", side.Network);
        Add(checkpoint, prefix, side.Architecture, Alpha);
        if (side.EarlierAlphas is { } earlier)
        {
            Add(checkpoint, prefix, earlier, Earlier);
        }

        foreach (var kind in Kinds)
        {
            checkpoint.Add($"{prefix}.psi.{Key(kind)}", side.Alpha.Backtracking(kind).Psi);
            checkpoint.Add($"{prefix}.previous.{Key(kind)}", side.Alpha.Backtracking(kind).Previous);
        }

        checkpoint.AddOptimizer($"{prefix}.optimizer", side.Weights.Inner);
        checkpoint.AddOptimizer($"{prefix}.adam", side.Alpha.Adam);
    }

    private static void Restore(Checkpoint checkpoint, string prefix, SearchNetworks.Side side)
    {
        using var _ = no_grad();
        checkpoint.RestoreModule($"{prefix}.weights", side.Network);
        Restore(checkpoint, prefix, side.Architecture, Alpha);
        if (checkpoint.Tensors.ContainsKey($"{prefix}.{Earlier}.{side.Architecture.Names[0]}"))
        {
            Restore(checkpoint, prefix, side.NewEarlierAlphas(), Earlier);
        }

        var state = checkpoint.Ask(prefix);
        side.Alpha.Restart(state["architecture_rate"].Real());
        foreach (var kind in Kinds)
        {
            var backtracking = side.Alpha.Backtracking(kind);
            backtracking.Psi.copy_(checkpoint.Get($"{prefix}.psi.{Key(kind)}"));
            backtracking.Previous.copy_(checkpoint.Get($"{prefix}.previous.{Key(kind)}"));
            backtracking.Corrected = [.. state[$"corrected_{Key(kind)}"].Items().Select(flag => flag.Flag())];
        }

        var beforeTheChoice = $"{prefix}.sgd";
        checkpoint.RestoreOptimizer(checkpoint.Tensors.ContainsKey(beforeTheChoice) ? beforeTheChoice : $"{prefix}.optimizer", side.Weights.Inner);
        checkpoint.RestoreOptimizer($"{prefix}.adam", side.Alpha.Adam);
    }

    private static void Add(Checkpoint checkpoint, string prefix, ArchitectureParameters architecture, string what)
    {
        foreach (var (name, value) in architecture.Names.Zip(architecture.All))
        {
            checkpoint.Add($"{prefix}.{what}.{name}", value);
        }
    }

    private static void Restore(Checkpoint checkpoint, string prefix, ArchitectureParameters architecture, string what)
    {
        foreach (var (name, value) in architecture.Names.Zip(architecture.All))
        {
            value.copy_(checkpoint.Get($"{prefix}.{what}.{name}"));
        }
    }

    private static string EarlierKey(int restart, SearchPhase phase) => $"{EarlierPair}.{restart}.{(phase == SearchPhase.Parent ? ParentPrefix : ChildPrefix)}";

    private static string Key(CellKind kind) => kind == CellKind.Normal ? "normal" : "reduction";
}
