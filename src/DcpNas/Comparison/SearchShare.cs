using DcpNas.Search;

namespace DcpNas.Comparison;

/// <summary>Turns the steps of a search into the share that is done.</summary>
/// <param name="progress">Is told the share.</param>
/// <param name="warn">Is told of warnings.</param>
internal sealed class SearchShare(Action<double> progress, Action<string> warn) : ISearchObserver
{
    private SearchStart? _start;

    /// <inheritdoc/>
    public void OnStart(SearchStart start)
    {
        _start = start;
        Tell(start.FirstEpoch, start.FirstStep);
    }

    /// <inheritdoc/>
    public void OnStep(SearchStep step) => Tell(step.Epoch.Index, step.Step + 1);

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text)
    {
        if (warning)
        {
            warn(text);
        }
    }

    private void Tell(int epoch, int step)
    {
        var all = (double)_start!.Epochs.Count * _start.StepsPerEpoch;
        progress(all == 0 ? 0 : ((epoch * (double)_start.StepsPerEpoch) + step) / all);
    }
}
