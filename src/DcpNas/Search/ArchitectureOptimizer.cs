using DcpNas.SearchSpace;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Steps the architecture parameters of one supernet: Adam, then the backtracking of section "decoupled optimisation".</summary>
public sealed class ArchitectureOptimizer : IDisposable
{
    private static readonly CellKind[] Kinds = [CellKind.Normal, CellKind.Reduction];
    private readonly ArchitectureParameters _architecture;
    private readonly SearchOptions _options;
    private readonly Dictionary<CellKind, Backtracking> _backtracking;
    private Adam _adam;

    /// <summary>Creates the optimiser with fresh state.</summary>
    public ArchitectureOptimizer(ArchitectureParameters architecture, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(options);
        (_architecture, _options) = (architecture, options);
        _backtracking = Kinds.ToDictionary(kind => kind, kind => new Backtracking(architecture.Alpha(kind)));
        Rate = options.ArchitectureRate ?? throw new ArgumentException("architecture_rate must be resolved (SearchSchedule.ArchitectureRate), got null.", nameof(options));
        _adam = CreateAdam();
    }

    /// <summary>The learning rate; a roll-back halves it.</summary>
    public double Rate { get; private set; }

    /// <summary>Adam's state, for checkpoints.</summary>
    public OptimizerHelper Adam => _adam;

    /// <summary>The backtracking state per cell kind, for checkpoints.</summary>
    public Backtracking Backtracking(CellKind kind) => _backtracking[kind];

    /// <summary>One step along the gradient of <paramref name="network"/>'s objective.</summary>
    /// <param name="network">The supernet whose weights decide which columns are corrected.</param>
    /// <param name="gradient">One tensor per architecture parameter.</param>
    /// <param name="weightRate">The current learning rate of the weights; psi learns with a share of it.</param>
    public void Step(Supernet network, IReadOnlyList<Tensor> gradient, double weightRate)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var all = _architecture.All;
        var before = Kinds.ToDictionary(kind => kind, kind => _architecture.Alpha(kind).detach().clone());
        if (_options.Decoupled)
        {
            foreach (var kind in Kinds)
            {
                _backtracking[kind].UpdatePsi(gradient[IndexOf(kind)], _options.BacktrackRate ?? Rate, _options.PsiRate * weightRate);
            }
        }

        for (var i = 0; i < all.Count; i++)
        {
            all[i].grad = gradient[i].detach().clone();
        }

        _adam.step();
        for (var i = 0; i < all.Count; i++)
        {
            all[i].grad?.Dispose();
            all[i].grad = null;
        }

        if (_options.Decoupled)
        {
            foreach (var kind in Kinds)
            {
                var columns = Search.Backtracking.Select(OperationNorms.Of(network, kind), _options.BacktrackThreshold);
                _backtracking[kind].Correct(_architecture.Alpha(kind), before[kind], columns, _options.BacktrackRate ?? Rate);
            }
        }
    }

    /// <summary>Starts Adam anew with another learning rate, as a roll-back does.</summary>
    public void Restart(double rate)
    {
        Rate = rate;
        _adam.Dispose();
        _adam = CreateAdam();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adam.Dispose();
        foreach (var backtracking in _backtracking.Values)
        {
            backtracking.Dispose();
        }
    }

    private static int IndexOf(CellKind kind) => kind == CellKind.Normal ? 0 : 1; // the order of ArchitectureParameters.All

    private Adam CreateAdam() =>
        optim.Adam(_architecture.All, Rate, beta1: 0.5, beta2: 0.999, weight_decay: _options.ArchitectureWeightDecay);
}
