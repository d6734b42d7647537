using System.Diagnostics;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Where one pass over images, or over other things, stands.</summary>
/// <param name="name">What is done.</param>
/// <param name="unit">What is counted.</param>
internal sealed class PassStatus(string name, string unit = "images") : IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _done;
    private int _all = 1;

    /// <inheritdoc/>
    public double Fraction => (double)_done / _all;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft => _done == 0 ? "..." : Duration(Elapsed.TotalSeconds * (_all - _done) / _done);

    /// <summary>Takes in how many are done, and how many there are.</summary>
    public PassStatus At(int done, int all)
    {
        (_done, _all) = (done, Math.Max(1, all));
        return this;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures() => [(unit, $"{_done} of {_all}")];

    /// <inheritdoc/>
    public string Line() => $"{name}: {_done} of {_all} {unit}, left {TimeLeft}";
}
