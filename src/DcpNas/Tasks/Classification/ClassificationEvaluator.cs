using static TorchSharp.torch;

namespace DcpNas.Tasks.Classification;

/// <summary>Measures a classifier: top-1, top-5 (all right where there are at most five classes) and the mean cross entropy without smoothing.</summary>
/// <param name="classNames">One per class.</param>
public sealed class ClassificationEvaluator(IReadOnlyList<string> classNames) : ITaskEvaluator
{
    private long _images;
    private long _top1;
    private long _top5;
    private double _loss;

    /// <inheritdoc/>
    public void Add(IReadOnlyList<Tensor> outputs, TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (logits, labels) = (outputs[0].detach().to(ScalarType.Float64), batch.Targets[0]);
        ShapeException.ThrowIfNot(logits, "logits", batch.Count, classNames.Count);
        if (!logits.isfinite().all().item<bool>())
        {
            throw new NotFiniteException("An output of the network is not finite.");
        }

        _images += batch.Count;
        _top1 += logits.argmax(1).eq(labels).sum().item<long>();
        _top5 += logits.topk(Math.Min(5, classNames.Count), 1).indexes.eq(labels.unsqueeze(1)).any(1).sum().item<long>();
        _loss += nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).item<double>();
    }

    /// <inheritdoc/>
    public TaskEvaluation Evaluate() => _images == 0
        ? throw new InvalidOperationException("At least one batch must be taken in before it can be evaluated.")
        : new TaskEvaluation(
            _images,
            new Dictionary<string, double>
            {
                [ClassificationTask.Top1] = (double)_top1 / _images,
                ["top5"] = (double)_top5 / _images,
                ["loss"] = _loss / _images,
            },
            []);
}
