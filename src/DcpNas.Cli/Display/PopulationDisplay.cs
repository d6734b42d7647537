using System.Diagnostics;
using DcpNas.Populations;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Shows the training of a population in a view.</summary>
internal sealed class PopulationDisplay(IProgressView view) : IPopulationObserver, IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private (string Job, double Share, double First) _current = ("preparing", 0, 0);
    private (int All, double Before, int Ended) _jobs = (1, 0, 0);

    /// <inheritdoc/>
    public double Fraction => (_jobs.Before + _jobs.Ended + _current.Share) / _jobs.All;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft
    {
        get
        {
            var done = _jobs.Ended + _current.Share - _current.First;
            return done < 0.01 ? "..." : Duration(Elapsed.TotalSeconds / done * (_jobs.All - _jobs.Before - _jobs.Ended - _current.Share));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        yield return ("training", $"{_current.Job}: {Share(_current.Share)} done");
        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory");
    }

    /// <inheritdoc/>
    public string Line() => $"{_current.Job}: {Share(_current.Share)}, left {TimeLeft}";

    /// <inheritdoc/>
    public void OnStart(int jobs, int finished)
    {
        _jobs = (Math.Max(1, jobs), finished, 0);
        view.Say($"{Count(jobs, "training")}, {finished} finished before.");
    }

    /// <inheritdoc/>
    public void OnProgress(PopulationJob job, double share)
    {
        _current = _current.Job == job.Name ? (job.Name, share, _current.First) : (job.Name, share, share);
        view.Update(this);
    }

    /// <inheritdoc/>
    public void OnNetwork(PopulationNetwork network)
    {
        End();
        view.Say(Text($"{network.Name}: top-1 {network.TestTop1 * 100:0.00} % on test images, {network.Ops / 1e6:0.000} M OPs; left {TimeLeft}"));
    }

    /// <inheritdoc/>
    public void OnFailure(PopulationFailure failure)
    {
        End();
        view.Say($"{failure.Name} failed: {failure.Error}", Tone.Alarming);
    }

    /// <inheritdoc/>
    public void OnWarning(string text) => view.Say($"warning: {text}", Tone.Alarming);

    private void End()
    {
        _jobs.Ended++;
        _current = (_current.Job, 0, 0);
    }
}
