using DcpNas.Search;

namespace DcpNas.Cli.Display;

/// <summary>Shows a search in a view.</summary>
internal sealed class SearchDisplay(IProgressView view) : ISearchObserver
{
    private readonly SearchStatus _status = new();

    /// <inheritdoc/>
    public void OnStart(SearchStart start)
    {
        _status.Begin(start);
        view.Say(SearchLines.Start(start));
    }

    /// <inheritdoc/>
    public void OnStep(SearchStep step)
    {
        _status.Add(step);
        view.Update(_status);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochSummary epoch)
    {
        _status.Add(epoch);
        view.Say($"{Words.Epoch(epoch, _status.Start!.Epochs.Count)}, left {_status.TimeLeft}", Tone.Quiet);
    }

    /// <inheritdoc/>
    public void OnEvaluation(int done)
    {
        _status.AddEvaluation(done);
        view.Update(_status);
    }

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text) => view.Say(warning ? $"warning: {text}" : text, warning ? Tone.Alarming : Tone.Plain);
}
