using DcpNas.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Classification;

/// <summary>One class per image: a linear head, cross entropy, and a teacher's probabilities where there is a teacher.</summary>
/// <remarks>
/// <c>L = (1 - w) CE(y, z) + w T^2 KL(teacher || student) + a CE(y, z_aux)</c>; w is 0 without a teacher, a is 0 without an auxiliary head. CE smooths the
/// labels: <c>(1 - s) y + s / classes</c>. The only target of a batch is its labels, int64 <c>[N]</c>.
/// </remarks>
public sealed class ClassificationTask : ITask
{
    /// <summary>The name that is written to files.</summary>
    public const string TaskName = "classification";

    /// <summary>The metric that selects networks.</summary>
    public const string Top1 = "top1";

    private readonly ClassificationOptions _options;

    /// <summary>Creates the task.</summary>
    /// <param name="classNames">One per class, at least 2.</param>
    /// <param name="options">The loss; null takes the defaults.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">There are fewer than two classes.</exception>
    public ClassificationTask(IReadOnlyList<string> classNames, ClassificationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        _options = options ?? new ClassificationOptions();
        if (_options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("classification options", problems);
        }

        ClassNames = classNames.Count >= 2 ? classNames : throw new InputException($"A classifier needs at least 2 classes, got {classNames.Count}. Use data with more classes.");
    }

    /// <inheritdoc/>
    public string Name => TaskName;

    /// <inheritdoc/>
    public string PrimaryMetric => Top1;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public TaskHead CreateHead(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return new LinearHead(backbone.FeatureCount, ClassNames.Count);
    }

    /// <inheritdoc/>
    public AuxiliaryHead? CreateAuxiliaryHead(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        if (backbone.AuxiliaryStage is not { } stage)
        {
            return null;
        }

        var (description, head) = (backbone.Description, new AuxiliaryHead(stage.Channels, backbone.Description.Stem, ClassNames.Count));
        var side = (Math.Min(description.ImageHeight, description.ImageWidth) + stage.Stride - 1) / stage.Stride;
        return side >= head.SmallestMap
            ? head
            : throw new InputException($"The auxiliary head needs a map of {head.SmallestMap} x {head.SmallestMap} pixels, but images of "
                + $"{description.ImageHeight} x {description.ImageWidth} leave {side}. Use larger images, or train without the auxiliary head.");
    }

    /// <inheritdoc/>
    public Tensor Loss(TaskOutput output, TaskBatch batch, IReadOnlyList<Tensor>? teacher)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var (logits, labels) = (output.Main[0], batch.Targets[0]);
        var share = teacher is null ? 0 : _options.DistillationWeight;
        List<Tensor> terms = [];
        if (share < 1)
        {
            terms.Add(CrossEntropy(logits, labels) * (1 - share));
        }

        if (share > 0)
        {
            terms.Add(Distillation.Divergence(logits, teacher![0], _options.Temperature) * share);
        }

        if (output.Auxiliary is not null && _options.AuxiliaryWeight > 0)
        {
            terms.Add(CrossEntropy(output.Auxiliary, labels) * _options.AuxiliaryWeight);
        }

        return terms.Aggregate((sum, term) => sum + term).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public double TrainingScore(TaskOutput output, TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return output.Main[0].argmax(1).eq(batch.Targets[0]).sum().item<long>();
    }

    /// <inheritdoc/>
    public ITaskEvaluator CreateEvaluator() => new ClassificationEvaluator(ClassNames);

    private Tensor CrossEntropy(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels, label_smoothing: _options.LabelSmoothing);
}
