using DcpNas.SearchSpace;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Steps the weights of one supernet: AdamW, or SGD with momentum, with weight decay and a bound on the gradient's norm.</summary>
public sealed class WeightOptimizer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly SearchOptions _options;
    private OptimizerHelper _inner;

    /// <summary>Creates the optimiser with fresh state.</summary>
    public WeightOptimizer(Supernet network, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        _parameters = [.. network.parameters()];
        _options = options;
        _inner = Create();
    }

    /// <summary>The state of the optimiser, for checkpoints.</summary>
    public OptimizerHelper Inner => _inner;

    /// <summary>Forgets the gradients: a step begins; backward passes add to them until <see cref="Step"/>.</summary>
    /// <remarks>Weights outside the path that the step takes must have no gradient, rather than one of zero: their moments rest.</remarks>
    public void Begin()
    {
        foreach (var parameter in _parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>One step down the gathered gradient.</summary>
    /// <param name="rate">The learning rate.</param>
    public void Step(double rate)
    {
        using var scope = NewDisposeScope();
        nn.utils.clip_grad_norm_(_parameters, _options.GradientClip);
        foreach (var group in _inner.ParamGroups)
        {
            group.LearningRate = rate;
        }

        _inner.step();
    }

    /// <summary>Forgets the moments: the weights were replaced.</summary>
    public void Restart()
    {
        _inner.Dispose();
        _inner = Create();
    }

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private OptimizerHelper Create() => _options.WeightOptimizer == OptimizerKind.Adamw
        ? optim.AdamW(_parameters, _options.WeightRate, weight_decay: _options.WeightDecay)
        : optim.SGD(_parameters, _options.WeightRate, momentum: _options.Momentum, weight_decay: _options.WeightDecay);
}
