using System.Diagnostics;
using DcpNas.Populations;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Display;

/// <summary>Shows the training of a population in a view.</summary>
internal sealed class PopulationDisplay(IProgressView view) : IPopulationObserver, IProgressStatus
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly OrderedDictionary<string, (double Share, double First)> _running = [];
    private (int All, double Before, int Ended) _jobs = (1, 0, 0);

    /// <inheritdoc/>
    public double Fraction => (_jobs.Before + _jobs.Ended + Running) / _jobs.All;

    /// <inheritdoc/>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public string TimeLeft
    {
        get
        {
            var done = _jobs.Ended + Running - _running.Values.Sum(running => running.First);
            return done < 0.01 ? "..." : Duration(Elapsed.TotalSeconds / done * (_jobs.All - _jobs.Before - _jobs.Ended - Running));
        }
    }

    private double Running => _running.Values.Sum(running => running.Share);

    /// <inheritdoc/>
    public IEnumerable<(string Name, string Value)> Figures()
    {
        foreach (var (job, (share, _)) in _running)
        {
            yield return ("training", $"{job}: {Share(share)} done");
        }

        yield return ("machine", $"{Bytes(ProcessMemory.CurrentMegabytes() * 1e6)} of memory");
    }

    /// <inheritdoc/>
    public string Line() => $"{string.Join(", ", _running.Select(running => $"{running.Key}: {Share(running.Value.Share)}"))}, left {TimeLeft}";

    /// <inheritdoc/>
    public void OnStart(int jobs, int finished)
    {
        _jobs = (Math.Max(1, jobs), finished, 0);
        view.Say($"{Count(jobs, "training")}, {finished} finished before.");
    }

    /// <inheritdoc/>
    public void OnProgress(PopulationJob job, double share)
    {
        _running[job.Name] = (share, _running.TryGetValue(job.Name, out var before) ? before.First : share);
        view.Update(this);
    }

    /// <inheritdoc/>
    public void OnNetwork(PopulationNetwork network)
    {
        End(network.Name);
        view.Say(Text($"{network.Name}: top-1 {network.TestTop1 * 100:0.00} % on test images, {network.Ops / 1e6:0.000} M OPs; left {TimeLeft}"));
    }

    /// <inheritdoc/>
    public void OnFailure(PopulationFailure failure)
    {
        End(failure.Name);
        view.Say($"{failure.Name} failed: {failure.Error}", Tone.Alarming);
    }

    /// <inheritdoc/>
    public void OnWarning(string text) => view.Say($"warning: {text}", Tone.Alarming);

    private void End(string job)
    {
        _jobs.Ended++;
        _running.Remove(job);
    }
}
