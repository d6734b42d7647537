using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Watches both cells for a collapse to skip and pool, names it while it happens, and acts on it where asked to.</summary>
/// <remarks>
/// The normal cell is judged by itself. Skip and pools in the reduction cell alone are no fault, because a network with convolutions in its normal cell is as good with
/// them as without: the reduction cell is judged only where they hold that share of both cells together.
/// </remarks>
public sealed class SearchGuard : IDisposable
{
    private const int MostRollbacks = 3;
    private readonly SearchOptions _options;
    private readonly SearchNetworks _networks;
    private readonly Dictionary<string, Tensor> _healthy;

    /// <summary>Creates the guard; the parameters of the start count as healthy.</summary>
    public SearchGuard(SearchOptions options, SearchNetworks networks)
    {
        (_options, _networks) = (options, networks);
        using var _ = no_grad();
        _healthy = Current().ToDictionary(entry => entry.Name, entry => entry.Value.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>alpha of both networks at the last healthy epoch, for checkpoints.</summary>
    public IReadOnlyDictionary<string, Tensor> Healthy => _healthy;

    /// <summary>Judges alpha after an epoch.</summary>
    public void Judge(int epoch, SearchHealth health, SearchProgress progress, ISearchObserver observer)
    {
        ArgumentNullException.ThrowIfNull(health);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(observer);
        progress.NormalCell = Judge(epoch, "normal", health.Normal, health.Normal.WeightlessShare, progress.NormalCell, observer);
        progress.ReductionCell = Judge(epoch, "reduction", health.Reduction, Math.Min(health.Reduction.WeightlessShare, health.WeightlessShare), progress.ReductionCell, observer);
        CellVerdict[] verdicts = [progress.NormalCell.Verdict, progress.ReductionCell.Verdict];
        if (verdicts.All(verdict => verdict == CellVerdict.Healthy))
        {
            Remember();
            progress.HealthyEpoch = epoch;
        }
        else if (!verdicts.Contains(CellVerdict.Collapsed))
        {
            return; // what only leans is named, but neither remembered nor acted on
        }
        else if (_options.Guard == GuardAction.Stop)
        {
            Stop(epoch, progress, observer, "The guard stopped the search at the collapse.");
        }
        else if (_options.Guard == GuardAction.Rollback)
        {
            RollBack(epoch, progress, observer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _healthy.Values)
        {
            value.Dispose();
        }
    }

    /// <summary>Judges one cell and names what has changed since the epoch before.</summary>
    private CellJudgement Judge(int epoch, string cell, CellHealth health, double judgedShare, CellJudgement before, ISearchObserver observer)
    {
        var now = health.Judge(judgedShare >= _options.CollapseShare, before);
        if (now.Verdict != before.Verdict)
        {
            var held = $"skip holds {health.SkipShare:p0} and pools hold {health.PoolShare:p0} of its edges, on average {Math.Exp(health.Margin) - 1:p1} ahead of the best convolution";
            observer.OnEvent(epoch, now.Verdict != CellVerdict.Healthy, now.Verdict switch { CellVerdict.Healthy => "recovered", CellVerdict.Leaning => "leaning", _ => "collapse" }, now.Verdict switch
            {
                CellVerdict.Healthy => $"The {cell} cell has recovered: skip and pools hold {judgedShare:p0} of {(judgedShare < health.WeightlessShare ? "the edges of both cells" : "its edges")}.",
                CellVerdict.Leaning => $"The {cell} cell is leaning to {(health.PoolShare >= health.SkipShare ? "pool" : "skip")}, alpha undecided: {held}. The next epoch decides whether that was chance.",
                _ => $"The {cell} cell is collapsing: {held}. "
                    + "A shorter search, a longer warm-up (warmup_share), edge_normalization or partial_channels help; guard = stop or rollback act on it.",
            });
        }

        return now;
    }

    private void RollBack(int epoch, SearchProgress progress, ISearchObserver observer)
    {
        if (progress.Rollbacks == MostRollbacks)
        {
            Stop(epoch, progress, observer, $"The guard stopped the search: it collapsed again after {MostRollbacks} roll-backs.");
            return;
        }

        Restore();
        foreach (var side in (SearchNetworks.Side[])[_networks.Parent, _networks.Child])
        {
            side.Alpha.Restart(side.Alpha.Rate / 2);
        }

        progress.Rollbacks++;
        progress.NormalCell = progress.ReductionCell = CellJudgement.Start;
        observer.OnEvent(epoch, true, "rollback", $"alpha is back at {Back(progress)}; its learning rate is now {_networks.Child.Alpha.Rate:g3}.");
    }

    private void Stop(int epoch, SearchProgress progress, ISearchObserver observer, string text)
    {
        Restore();
        progress.IsStopped = true;
        observer.OnEvent(epoch, true, "stopped", $"{text} The genotype is that of {Back(progress)}.");
    }

    private static string Back(SearchProgress progress) =>
        progress.HealthyEpoch is { } healthy ? $"the last healthy epoch ({healthy + 1})" : "the start, because no epoch of alpha was healthy";

    private void Remember()
    {
        using var _ = no_grad();
        foreach (var (name, value) in Current())
        {
            _healthy[name].copy_(value);
        }
    }

    private void Restore()
    {
        using var _ = no_grad();
        foreach (var (name, value) in Current())
        {
            value.copy_(_healthy[name]);
        }
    }

    private IEnumerable<(string Name, Tensor Value)> Current() => new[] { (Name: "parent", Side: _networks.Parent), (Name: "child", Side: _networks.Child) }
        .SelectMany(one => one.Side.Architecture.Names.Zip(one.Side.Architecture.All, (name, value) => ($"{one.Name}.{name}", (Tensor)value)));
}

/// <summary>How the guard judged a cell after an epoch. Part of every checkpoint.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Margin">The margin of skip and pools then, see <see cref="CellHealth.Margin"/>.</param>
public sealed record CellJudgement(CellVerdict Verdict, double Margin)
{
    /// <summary>What holds before the first epoch.</summary>
    public static CellJudgement Start { get; } = new(CellVerdict.Healthy, 0);
}
