using DcpNas.Data;
using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Classification;

/// <summary>Runs a trained network once over images, in evaluation mode and without gradients.</summary>
/// <param name="network">The network; it is put into evaluation mode.</param>
/// <param name="images">The images.</param>
/// <param name="indices">Which of them, in this order.</param>
/// <param name="options">How they are cut into batches; the normalisation is that of the training.</param>
internal sealed class ClassificationEvaluationPass(TaskNetwork network, IImageDataset images, IReadOnlyList<int> indices, BatchLoaderOptions options)
{
    private const int StepsBetweenSafePoints = 20;

    /// <summary>Measures a classifier.</summary>
    /// <param name="progress">Is told the images done.</param>
    /// <param name="cancel">Stops after a batch.</param>
    public ClassificationTally Classify(Action<int> progress, CancellationToken cancel)
    {
        var tally = new ClassificationTally(images.ClassNames.Count);
        foreach (var (batch, logits) in Run(pictures => network.Run(pictures).Main[0], progress, cancel))
        {
            ShapeException.ThrowIfNot(logits, "logits", batch.Labels.shape[0], tally.Classes);
            using var scope = NewDisposeScope();
            var rows = logits.to(ScalarType.Float32).cpu().contiguous();
            var labels = batch.Labels.cpu();
            tally.Add(rows.data<float>().ToArray(), labels.data<long>().ToArray());
        }

        return tally;
    }

    /// <summary>The pooled features, batch by batch; each is freed when the next is asked for.</summary>
    /// <param name="progress">Is told the images done.</param>
    /// <param name="cancel">Stops after a batch.</param>
    public IEnumerable<Tensor> Features(Action<int> progress, CancellationToken cancel) =>
        Run(network.Backbone.Features, progress, cancel).Select(pair => pair.Output);

    private IEnumerable<(Batch Batch, Tensor Output)> Run(Func<Tensor, Tensor> compute, Action<int> progress, CancellationToken cancel)
    {
        network.eval();
        using var loader = new BatchLoader(images, indices, options);
        var done = 0;
        foreach (var batch in loader.Epoch(0))
        {
            cancel.ThrowIfCancellationRequested();
            using var taken = batch;
            using var output = Compute(compute, batch.Images);
            yield return (batch, output);
            done += (int)batch.Labels.shape[0];
            progress(done);
            if (batch.Step % StepsBetweenSafePoints == StepsBetweenSafePoints - 1)
            {
                FinalizerGate.SafePoint();
            }
        }

        cancel.ThrowIfCancellationRequested(); // what is stopped during the last batch leaves no file either
    }

    // no_grad belongs to the thread, and a scope to its block: neither may be open while the caller works on the output.
    private static Tensor Compute(Func<Tensor, Tensor> compute, Tensor images)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return compute(images).DetachFromDisposeScope();
    }
}
