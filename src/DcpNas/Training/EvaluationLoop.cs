using DcpNas.Native;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Runs a network over images that it does not learn from.</summary>
public static class EvaluationLoop
{
    private const int BatchesBetweenSafePoints = 20;

    /// <summary>Evaluates in evaluation mode; the mode of the network is as before afterwards.</summary>
    /// <param name="task">Evaluates.</param>
    /// <param name="network">Is evaluated.</param>
    /// <param name="batches">Are disposed here.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="InputException">An output is not finite.</exception>
    public static TaskEvaluation Run(ITask task, TaskNetwork network, IEnumerable<TaskBatch> batches, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batches);
        var evaluator = task.CreateEvaluator();
        var wasTraining = network.training;
        var count = 0;
        network.eval();
        try
        {
            foreach (var batch in batches)
            {
                using var taken = batch;
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                using var _ = no_grad();
                evaluator.Add(network.Run(batch.Images).Main, batch);
                if (++count % BatchesBetweenSafePoints == 0)
                {
                    FinalizerGate.SafePoint();
                }
            }

            return evaluator.Evaluate();
        }
        finally
        {
            network.train(wasTraining);
        }
    }
}
