using DcpNas.Data;
using DcpNas.Distributed;
using DcpNas.Native;
using DcpNas.Search.Curvatures;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>The four kinds of steps of a search: weights and alpha of Parent and Child.</summary>
/// <param name="networks">What learns.</param>
/// <param name="options">Settings.</param>
/// <param name="budget">Adds the gradient of the cost term to that of alpha.</param>
/// <param name="pass">Runs the pieces of a batch; null: batches are not cut.</param>
public sealed class SearchSteps(SearchNetworks networks, SearchOptions options, CostBudget budget, ShardedPass? pass = null)
{
    private const long AlphaPathOffset = 1L << 62; // so that alpha learns of another path than the weights of the same step
    private readonly ShardedPass _pass = pass ?? ShardedPass.None;
    private readonly TangentPropagation _tangent = new(Curvature.Parse(options.Curvature), options.Distance, options.EffectiveTangent);

    /// <summary>Whether the Child learns from labels instead of from the Parent.</summary>
    private bool ChildAlone => options.Row.ChildLearnsFromLabels;

    /// <summary>Steps the weights of the phase's supernet on a batch of the weight half.</summary>
    /// <param name="phase">Whose weights.</param>
    /// <param name="batch">The images, in the pieces of this process.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="seed">Names the path where paths are sampled.</param>
    /// <param name="step">The step of the search, which names what is random in a piece.</param>
    public StepResult Weights(SearchPhase phase, IReadOnlyList<Batch> batch, double rate, long seed, long step = 0)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var side = networks.Of(phase);
        var path = PathOf(side, options.WeightPaths, seed);
        var reconstructs = false;
        side.Weights.Begin();
        var totals = _pass.Backward(side.Network, options.BatchSize, place =>
        {
            using var piece = NewDisposeScope();
            Seed(step, place, 0);
            var (images, labels) = (batch[place].Images, batch[place].Labels);
            var logits = Answer(side, images, path);
            var (loss, reconstruction) = phase == SearchPhase.Parent || ChildAlone
                ? (Objectives.CrossEntropy(logits, labels), null)
                : ChildLoss(logits, images, path);
            var share = ShareOf(batch[place]);
            reconstructs = reconstruction is not null;
            var (value, correct) = (loss.ToDouble(), Objectives.CountCorrect(logits, labels));
            Autograd.Backward(share == 1 ? loss : loss * share);
            return [value * share, correct, (reconstruction ?? 0) * share];
        });
        ThrowIfNotFinite(totals[0], phase, "weights");
        side.Weights.Step(rate);
        return new StepResult(totals[0], (int)totals[1], reconstructs ? totals[2] : null, null);
    }

    /// <summary>The same on a batch that is not cut.</summary>
    /// <inheritdoc cref="Weights(SearchPhase, IReadOnlyList{Batch}, double, long, long)"/>
    public StepResult Weights(SearchPhase phase, Batch batch, double rate, long seed) => Weights(phase, [batch], rate, seed);

    /// <summary>Steps alpha of the phase's supernet on a batch of the architecture half.</summary>
    /// <param name="phase">Whose alpha.</param>
    /// <param name="batch">The images, in the pieces of this process.</param>
    /// <param name="weightRate">The learning rate of the weights.</param>
    /// <param name="seed">Names the path where paths are sampled.</param>
    /// <param name="step">The step of the search, which names what is random in a piece.</param>
    public StepResult Architecture(SearchPhase phase, IReadOnlyList<Batch> batch, double weightRate, long seed, long step = 0)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var side = networks.Of(phase);
        var parent = networks.Parent;
        var path = PathOf(side, options.AlphaPaths, unchecked(seed + AlphaPathOffset));
        var gradient = phase == SearchPhase.Parent || ChildAlone
            ? OwnGradient(side, batch, path, step)
            : _tangent.Compute(
                parent.Network, parent.Architecture, side.Network, side.Architecture, [.. batch.Select(piece => new TangentPiece(piece.Images, piece.Labels, ShareOf(piece)))],
                path, _pass, (place, pass) => Seed(step, place, pass));
        ThrowIfNotFinite(gradient.MatchLoss, phase, "alpha");
        var total = gradient.Parts.Zip(budget.Gradient(side.Architecture), (own, cost) => own + cost).ToArray();
        side.Alpha.Step(side.Network, total, weightRate);
        return new StepResult(gradient.MatchLoss, gradient.Correct, null, gradient);
    }

    /// <summary>The same on a batch that is not cut.</summary>
    /// <inheritdoc cref="Architecture(SearchPhase, IReadOnlyList{Batch}, double, long, long)"/>
    public StepResult Architecture(SearchPhase phase, Batch batch, double weightRate, long seed = 0) => Architecture(phase, [batch], weightRate, seed);

    /// <summary>The gradient of a supernet that learns from labels.</summary>
    private ChildGradient OwnGradient(SearchNetworks.Side side, IReadOnlyList<Batch> batch, Genotype? path, long step)
    {
        var (values, numbers) = _pass.Sum(place =>
        {
            Seed(step, place, 1);
            var logits = side.Network.Logits(batch[place].Images, side.Architecture, path);
            var loss = Objectives.CrossEntropy(logits, batch[place].Labels);
            var (value, correct, share) = (loss.ToDouble(), Objectives.CountCorrect(logits, batch[place].Labels), ShareOf(batch[place]));
            var gradient = ParameterVector.Join(Autograd.Grad([loss], [.. side.Architecture.All]));
            return (share == 1 ? gradient : gradient * share, [value * share, correct]);
        });
        return new ChildGradient([.. ParameterVector.Split(values, side.Architecture.All)], numbers[0], null, null, null, (int)numbers[1]);
    }

    private static Genotype? PathOf(SearchNetworks.Side side, CandidatePaths paths, long seed) =>
        paths == CandidatePaths.Sampled ? GenotypeSampler.Of(side.Architecture).Draw(seed) : null;

    /// <summary>Logits for a step of the weights: of one discrete network, or of all candidates mixed.</summary>
    private static Tensor Answer(SearchNetworks.Side side, Tensor images, Genotype? path) =>
        path is null ? side.Network.Logits(images, side.Architecture) : side.Network.Logits(images, path);

    private double ShareOf(Batch piece) => _pass.Shards.Share(piece.Labels.shape[0], options.BatchSize);

    /// <summary>Seeds what is random in a piece; a batch that is not cut goes on with the generator of its step.</summary>
    private void Seed(long step, int place, int pass)
    {
        if (_pass.Shards.Count > 1)
        {
            random.manual_seed(_pass.Shards.TorchSeed(options.Seed, step, place, pass));
        }
    }

    /// <summary>DCP-NAS (4.32) and (4.34) for the weights: -G + mu L_R; D's own dependence on the weights is left out.</summary>
    private (Tensor Loss, double? Reconstruction) ChildLoss(Tensor logits, Tensor images, Genotype? path)
    {
        Tensor logP;
        using (no_grad())
        {
            logP = Answer(networks.Parent, images, path).log_softmax(1);
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
