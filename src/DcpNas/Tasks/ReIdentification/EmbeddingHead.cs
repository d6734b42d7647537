using DcpNas.Inference;
using DcpNas.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Pooled features, a batch normalisation as their neck, and a classifier of the persons of the training on top, without bias.</summary>
/// <remarks>
/// <para><b>Forward.</b> <c>f = mean(map)</c>, <c>e = (f - mean) / sqrt(var + 1e-5) weight</c>, <c>z = W e</c>. The triplet loss reads f, where distances are free;
/// the persons' loss reads z; e is the embedding at inference. The neck has no bias, so that classes lie around the origin.</para>
/// <para><b>Source.</b> BNNeck: Luo et al., arXiv:1903.07071. Training mode uses and moves the statistics (momentum 0.1), evaluation mode reads them.</para>
/// </remarks>
public sealed class EmbeddingHead : TaskHead
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-5;

    private const double Momentum = 0.1, ClassifierDeviation = 0.001;
    private readonly Parameter _weight;
    private readonly Parameter _classifier;

    /// <summary>Creates the head: the neck with weight 1, the classifier near 0.</summary>
    /// <param name="features">Channels of the last map.</param>
    /// <param name="persons">Persons of the training, at least 2.</param>
    public EmbeddingHead(int features, int persons)
        : base(nameof(EmbeddingHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(persons, 2);
        _weight = new Parameter(ones(features));
        _classifier = new Parameter(empty(persons, features));
        init.normal_(_classifier, 0, ClassifierDeviation);
        register_parameter("neck_weight", _weight);
        register_parameter("classifier_weight", _classifier);
        register_buffer("neck_running_mean", zeros(features).DetachFromDisposeScope());
        register_buffer("neck_running_var", ones(features).DetachFromDisposeScope());
    }

    /// <summary>Weight of the neck, <c>[features]</c>.</summary>
    public Parameter Weight => _weight;

    /// <summary>Running mean of the neck, <c>[features]</c>.</summary>
    public Tensor RunningMean => get_buffer("neck_running_mean")!;

    /// <summary>Running variance of the neck, <c>[features]</c>.</summary>
    public Tensor RunningVariance => get_buffer("neck_running_var")!;

    /// <summary>Reads the embedding of an image.</summary>
    /// <inheritdoc cref="ReadOutputs"/>
    internal static ImageResult Read(ITask task, IReadOnlyList<Tensor> outputs, ImageResult image, PredictorOptions options) =>
        image with { Embedding = outputs[0].to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray() };

    /// <summary>Embedding, features and scores of the persons: <c>[N, F]</c>, <c>[N, F]</c>, <c>[N, persons]</c>.</summary>
    public override IReadOnlyList<Tensor> Run(BackboneOutput maps)
    {
        using var scope = NewDisposeScope();
        var features = Backbone.Pool(maps);
        var embedding = functional.batch_norm(features, RunningMean, RunningVariance, _weight, null, training, Momentum, Epsilon);
        var scores = functional.linear(embedding, _classifier);
        return [embedding.MoveToOuterDisposeScope(), features.MoveToOuterDisposeScope(), scores.MoveToOuterDisposeScope()];
    }
}
