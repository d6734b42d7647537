namespace DcpNas.Training;

/// <summary>What one step of the optimiser did.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Epoch">The epoch, over all stages.</param>
/// <param name="Step">Step in the epoch, from 0.</param>
/// <param name="GlobalStep">Step in the training, from 0.</param>
/// <param name="Images">Images of its batches.</param>
/// <param name="Loss">The loss before the step, a mean over its batches.</param>
/// <param name="Score">The primary metric summed over its images.</param>
/// <param name="GradientNorm">Norm of the gradient before clipping.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="WaitSeconds">Wall time of these that it waited for its batches.</param>
public sealed record TrainStep(
    TrainStage Stage, int Epoch, int Step, long GlobalStep, long Images, double Loss, double Score, double GradientNorm, double Rate, double Seconds,
    double WaitSeconds);
