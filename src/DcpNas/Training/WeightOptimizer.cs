using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Steps the weights of a network: AdamW or SGD, with accumulated gradients and a bound on their norm.</summary>
public sealed class WeightOptimizer : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly TrainingOptions _options;

    /// <summary>Creates the optimiser with fresh state.</summary>
    /// <param name="network">What is stepped.</param>
    /// <param name="options">Settings.</param>
    /// <param name="weightDecay">Weight decay, at least 0.</param>
    public WeightOptimizer(nn.Module network, TrainingOptions options, double weightDecay)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        _parameters = [.. network.parameters()];
        _options = options;
        Inner = options.Optimizer == OptimizerKind.Adamw
            ? optim.AdamW(_parameters, options.Rate, weight_decay: weightDecay)
            : optim.SGD(_parameters, options.Rate, momentum: options.Momentum, weight_decay: weightDecay);
    }

    /// <summary>The optimiser of libtorch, for checkpoints.</summary>
    public OptimizerHelper Inner { get; }

    /// <summary>Forgets the gradients: a step begins; backward passes add to them until <see cref="Step"/>.</summary>
    public void Begin()
    {
        using var scope = NewDisposeScope(); // for the handles of the gradients
        Inner.zero_grad();
    }

    /// <summary>Steps down the gathered gradient.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="lossScale">The factor that the losses had; gradients are divided by it.</param>
    /// <returns>The norm of the gradient before clipping; not finite where it was so, and then nothing was stepped.</returns>
    public double Step(double rate, double lossScale = 1)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var gradients = _parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
        if (lossScale != 1)
        {
            gradients.ForEach(gradient => gradient.mul_(1 / lossScale));
        }

        var norm = Norm(gradients);
        if (!double.IsFinite(norm))
        {
            return norm;
        }

        if (_options.GradientClip is { } most && norm > most)
        {
            gradients.ForEach(gradient => gradient.mul_(most / norm));
        }

        foreach (var group in Inner.ParamGroups)
        {
            group.LearningRate = rate;
        }

        Inner.step();
        return norm;
    }

    /// <inheritdoc/>
    public void Dispose() => Inner.Dispose();

    private static double Norm(List<Tensor> gradients) =>
        gradients.Count == 0 ? 0 : stack(gradients.Select(gradient => gradient.detach().norm().to(ScalarType.Float64))).norm().ToDouble();
}
