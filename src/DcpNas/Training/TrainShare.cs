namespace DcpNas.Training;

/// <summary>Turns the steps of a training into the share that is done.</summary>
/// <param name="progress">Is told the share.</param>
/// <param name="warn">Is told of warnings.</param>
internal sealed class TrainShare(Action<double> progress, Action<string> warn) : ITrainObserver
{
    private TrainStart? _start;

    /// <inheritdoc/>
    public void OnStart(TrainStart start)
    {
        _start = start;
        Tell(start.FirstEpoch, start.FirstStep);
    }

    /// <inheritdoc/>
    public void OnStep(TrainStep step) => Tell(step.Epoch, step.Step + 1);

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text)
    {
        if (warning)
        {
            warn(text);
        }
    }

    private void Tell(int epoch, int step) => progress(((epoch * (double)_start!.StepsPerEpoch) + step) / ((double)_start.Epochs * _start.StepsPerEpoch));
}
