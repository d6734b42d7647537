using System.Diagnostics;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Shows the brief trainings of a selection in a view.</summary>
/// <param name="view">The view.</param>
/// <param name="candidates">Candidates in all.</param>
internal sealed class SelectionDisplay(IProgressView view, int candidates) : IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly double?[] _shares = new double?[candidates];
    private double? _first;

    /// <inheritdoc/>
    public double Fraction => Done / candidates;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft => Done - _first is > 0.01 and var done ? Duration(Elapsed.TotalSeconds / done * (candidates - Done)) : "...";

    private double Done => _shares.Sum() ?? 0;

    private IEnumerable<(int Index, double Share)> Running => _shares.Index().Where(pair => pair.Item is > 0 and < 1).Select(pair => (pair.Index, pair.Item!.Value));

    /// <summary>Takes in how far a candidate is; those before it that were never told of are finished.</summary>
    public void OnProgress(int index, double share)
    {
        for (var before = 0; before < index; before++)
        {
            _shares[before] ??= 1;
        }

        if (share < 1)
        {
            _first ??= Done + share; // of the first one that is not finished
        }

        _shares[index] = share;
        view.Update(this);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        foreach (var (index, share) in Running)
        {
            yield return ("candidate", $"{index + 1} of {candidates}: {Share(share)} done");
        }

        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory");
    }

    /// <inheritdoc/>
    public string Line() => $"{string.Join(", ", Running.Select(running => $"candidate {running.Index + 1} of {candidates}: {Share(running.Share)}").DefaultIfEmpty($"{Done:0} of {candidates} candidates done"))}, left {TimeLeft}";
}
