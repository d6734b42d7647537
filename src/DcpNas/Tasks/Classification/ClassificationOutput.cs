using DcpNas.Inference;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Classification;

/// <summary>Reads the logits of a classifier: its most probable classes.</summary>
internal static class ClassificationOutput
{
    /// <inheritdoc cref="ReadOutputs"/>
    public static ImageResult Read(ITask task, IReadOnlyList<Tensor> outputs, ImageResult image, PredictorOptions options)
    {
        var probabilities = softmax(outputs[0].to(ScalarType.Float32), 1).cpu().contiguous().data<float>().ToArray();
        var best = Enumerable.Range(0, probabilities.Length).OrderByDescending(label => probabilities[label]).Take(options.Top);
        return image with { Classes = [.. best.Select(label => new Runtime.Prediction(label, task.ClassNames[label], probabilities[label]))] };
    }
}
