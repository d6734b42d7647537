using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Search.Curvatures;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>The four kinds of steps of a search: weights and alpha of Parent and Child.</summary>
/// <param name="networks">What learns.</param>
/// <param name="options">Settings.</param>
/// <param name="budget">Adds the gradient of the cost term to that of alpha.</param>
public sealed class SearchSteps(SearchNetworks networks, SearchOptions options, CostBudget budget)
{
    private readonly TangentPropagation _tangent = new(Curvature.Parse(options.Curvature), options.Distance, options.EffectiveTangent);

    /// <summary>Whether the Child learns from labels (strategy direct) instead of from the Parent.</summary>
    private bool ChildAlone => options.Strategy == SearchStrategy.Direct;

    /// <summary>Steps the weights of the phase's supernet on a batch of the weight half.</summary>
    /// <param name="phase">Whose weights.</param>
    /// <param name="batch">The images.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="seed">Names the path where paths are sampled.</param>
    public StepResult Weights(SearchPhase phase, Batch batch, double rate, long seed)
    {
        using var scope = NewDisposeScope();
        var side = networks.Of(phase);
        var path = options.WeightPaths == WeightPaths.Sampled ? GenotypeSampler.Of(side.Architecture).Draw(seed) : null;
        var logits = side.Logits(batch.Images, path);
        var (loss, reconstruction) = phase == SearchPhase.Parent || ChildAlone
            ? (Objectives.CrossEntropy(logits, batch.Labels), null)
            : ChildLoss(logits, batch, path);
        var correct = Objectives.CountCorrect(logits, batch.Labels);
        var value = loss.ToDouble();
        ThrowIfNotFinite(value, phase, "weights");
        side.Weights.Step(loss, rate);
        return new StepResult(value, correct, reconstruction, null);
    }

    /// <summary>Steps alpha of the phase's supernet on a batch of the architecture half.</summary>
    public StepResult Architecture(SearchPhase phase, Batch batch, double weightRate)
    {
        using var scope = NewDisposeScope();
        var side = networks.Of(phase);
        ChildGradient gradient;
        if (phase == SearchPhase.Parent || ChildAlone)
        {
            var logits = side.Logits(batch.Images);
            var loss = Objectives.CrossEntropy(logits, batch.Labels);
            var correct = Objectives.CountCorrect(logits, batch.Labels);
            gradient = new ChildGradient(Autograd.Grad([loss], [.. side.Architecture.All]), loss.ToDouble(), null, null, null, correct);
        }
        else
        {
            var parent = networks.Parent;
            gradient = _tangent.Compute(parent.Network, parent.Architecture, side.Network, side.Architecture, batch.Images, batch.Labels);
        }

        ThrowIfNotFinite(gradient.MatchLoss, phase, "alpha");
        var total = gradient.Parts.Zip(budget.Gradient(side.Architecture), (own, cost) => own + cost).ToArray();
        side.Alpha.Step(side.Network, total, weightRate);
        return new StepResult(gradient.MatchLoss, gradient.Correct, null, gradient);
    }

    /// <summary>DCP-NAS (4.32) and (4.34) for the weights: -G + mu L_R; D's own dependence on the weights is left out.</summary>
    private (Tensor Loss, double? Reconstruction) ChildLoss(Tensor logits, Batch batch, Genotype? path)
    {
        Tensor logP;
        using (no_grad())
        {
            logP = networks.Parent.Logits(batch.Images, path).log_softmax(1);
        }

        var match = -Objectives.Match(logP, logits);
        if (options.EffectiveMu == 0)
        {
            return (match, null);
        }

        var error = networks.Child.Network.ReconstructionError(path)!;
        return (match + (error * options.EffectiveMu), error.ToDouble());
    }

    private static void ThrowIfNotFinite(double loss, SearchPhase phase, string what)
    {
        if (!double.IsFinite(loss))
        {
            throw new DivergedException(
                $"The loss of the {phase.ToString().ToLowerInvariant()} supernet ({what}) is {loss}. A checkpoint of before, if there is one, is still good: "
                + "start a new run with a lower weight_rate or architecture_rate, or a smaller mu.");
        }
    }
}

/// <summary>What one step saw before it changed anything.</summary>
/// <param name="Loss">The loss on the batch.</param>
/// <param name="Correct">Images that the supernet classified right.</param>
/// <param name="Reconstruction">L_R; null where it is not part of the loss.</param>
/// <param name="Gradient">What a step of alpha saw; null for steps of the weights.</param>
public sealed record StepResult(double Loss, int Correct, double? Reconstruction, ChildGradient? Gradient);
