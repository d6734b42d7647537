using System.Diagnostics;
using DcpNas.Cli.Display;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Jobs;

/// <summary>Shows one job to a person.</summary>
/// <param name="view">The view.</param>
/// <param name="name">The job.</param>
internal sealed class JobDisplay(IProgressView view, string name) : IJobView, IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private (string Part, double Share) _now = ("preparing", 0);

    /// <inheritdoc/>
    public double Fraction => _now.Share;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft => "...";

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        yield return (name, $"{_now.Part}: {Share(_now.Share)} done");
        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory");
    }

    /// <inheritdoc/>
    public string Line() => $"{name}: {_now.Part} {Share(_now.Share)}";

    /// <inheritdoc/>
    public void Progress(string part, double share)
    {
        _now = (part.ToLowerInvariant(), share);
        view.Update(this);
    }

    /// <inheritdoc/>
    public void Warn(string text) => view.Say($"warning: {text}", Tone.Alarming);
}
