using System.Diagnostics;
using DcpNas.Search;

namespace DcpNas.Cli.Display;

/// <summary>Progress of a search as lines, where stderr is a file or a pipe: one per epoch, and one every half minute within an epoch.</summary>
internal sealed class PlainDisplay(TextWriter writer) : ISearchDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private readonly SearchStatus _status = new();
    private long _last = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public void Run(Action search) => search();

    /// <inheritdoc/>
    public void Say(string text) => writer.WriteLine(text);

    /// <inheritdoc/>
    public void OnStart(SearchStart start)
    {
        _status.Begin(start);
        Say(SearchLines.Start(start));
    }

    /// <inheritdoc/>
    public void OnStep(SearchStep step)
    {
        _status.Add(step);
        if (Stopwatch.GetElapsedTime(_last) >= Interval)
        {
            Say(SearchLines.Step(_status));
            _last = Stopwatch.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochSummary epoch)
    {
        _status.Add(epoch);
        Say($"{Words.Epoch(epoch, _status.Start!.Epochs.Count)}, left {_status.TimeLeft}");
        _last = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void OnEvent(int epoch, bool warning, string name, string text) => Say($"{(warning ? "warning: " : "")}{text}");
}
