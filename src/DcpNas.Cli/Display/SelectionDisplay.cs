using System.Diagnostics;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Shows the brief trainings of a selection in a view.</summary>
/// <param name="view">The view.</param>
/// <param name="candidates">Candidates in all.</param>
internal sealed class SelectionDisplay(IProgressView view, int candidates) : IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private double? _first;
    private (int Index, double Share) _now;

    /// <inheritdoc/>
    public double Fraction => Done / candidates;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft => Done - _first is > 0.01 and var done ? Duration(Elapsed.TotalSeconds / done * (candidates - Done)) : "...";

    private double Done => _now.Index + _now.Share;

    /// <summary>Takes in how far a candidate is.</summary>
    public void OnProgress(int index, double share)
    {
        _first ??= index + share;
        _now = (index, share);
        view.Update(this);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        yield return ("candidate", $"{_now.Index + 1} of {candidates}: {Share(_now.Share)} done");
        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory");
    }

    /// <inheritdoc/>
    public string Line() => $"candidate {_now.Index + 1} of {candidates}: {Share(_now.Share)}, left {TimeLeft}";
}
