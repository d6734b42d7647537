using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Watches for the collapse of the normal cell to skip and pool, names it while it happens, and acts on it where asked to.</summary>
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
        var isCollapsed = health.IsCollapsed(_options.CollapseShare);
        if (isCollapsed && !progress.IsCollapsed)
        {
            observer.OnEvent(epoch, true, "collapse",
                $"The normal cell is collapsing: skip holds {health.SkipShare:p0} and pools hold {health.PoolShare:p0} of its edges. "
                + "A shorter search, a longer warm-up (warmup_share), edge_normalization or partial_channels help; guard = stop or rollback act on it.");
        }
        else if (!isCollapsed && progress.IsCollapsed)
        {
            observer.OnEvent(epoch, false, "recovered", $"The normal cell has recovered: skip and pools hold {health.SkipShare + health.PoolShare:p0} of its edges.");
        }

        progress.IsCollapsed = isCollapsed;
        if (!isCollapsed)
        {
            Remember();
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
        progress.IsCollapsed = false;
        observer.OnEvent(epoch, true, "rollback", $"alpha is back at its last healthy epoch; its learning rate is now {_networks.Child.Alpha.Rate:g3}.");
    }

    private void Stop(int epoch, SearchProgress progress, ISearchObserver observer, string text)
    {
        Restore();
        progress.IsStopped = true;
        observer.OnEvent(epoch, true, "stopped", text + " The genotype is that of the last healthy epoch.");
    }

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

    private IEnumerable<(string Name, Tensor Value)> Current() => new[] { ("parent", _networks.Parent), ("child", _networks.Child) }
        .SelectMany(side => side.Item2.Architecture.Names.Zip(side.Item2.Architecture.All, (name, value) => ($"{side.Item1}.{name}", (Tensor)value)));
}
