using static TorchSharp.torch;

namespace DcpNas.Tasks;

/// <summary>Gathers what a network says to images it was not trained on, batch by batch.</summary>
public interface ITaskEvaluator
{
    /// <summary>Takes in a batch. Keeps no tensor.</summary>
    /// <param name="outputs">The main outputs of the head in evaluation mode: for classification, logits <c>[N, classes]</c> alone.</param>
    /// <param name="batch">Images and targets, in the order of the data.</param>
    /// <exception cref="InputException">An output is not finite.</exception>
    void Add(IReadOnlyList<Tensor> outputs, TaskBatch batch);

    /// <summary>The measures of everything taken in so far.</summary>
    /// <exception cref="InvalidOperationException">Nothing was taken in.</exception>
    TaskEvaluation Evaluate();
}
