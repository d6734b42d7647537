using DcpNas.Native;
using DcpNas.SearchSpace;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Steps the weights of one supernet: SGD with momentum, weight decay and a bound on the gradient's norm.</summary>
public sealed class WeightOptimizer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly SearchOptions _options;
    private SGD _sgd;

    /// <summary>Creates the optimiser with fresh state.</summary>
    public WeightOptimizer(Supernet network, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        _parameters = [.. network.parameters()];
        _options = options;
        _sgd = Create();
    }

    /// <summary>SGD's state, for checkpoints.</summary>
    public OptimizerHelper Sgd => _sgd;

    /// <summary>One step down the gradient of a loss.</summary>
    /// <param name="loss">A scalar with its graph, which is freed.</param>
    /// <param name="rate">The learning rate.</param>
    public void Step(Tensor loss, double rate)
    {
        ArgumentNullException.ThrowIfNull(loss);
        using var scope = NewDisposeScope();
        _sgd.zero_grad();
        Autograd.Backward(loss);
        nn.utils.clip_grad_norm_(_parameters, _options.GradientClip);
        foreach (var group in _sgd.ParamGroups)
        {
            group.LearningRate = rate;
        }

        _sgd.step();
    }

    /// <summary>Forgets the momentum: the weights were replaced.</summary>
    public void Restart()
    {
        _sgd.Dispose();
        _sgd = Create();
    }

    /// <inheritdoc/>
    public void Dispose() => _sgd.Dispose();

    private SGD Create() =>
        optim.SGD(_parameters, _options.WeightRate, momentum: _options.Momentum, weight_decay: _options.WeightDecay);
}
