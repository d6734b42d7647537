using System.Collections.Concurrent;

namespace DcpNas.Jobs;

/// <summary>Runs jobs in processes, several at a time, each as soon as what it waits for has ended and a place is free.</summary>
/// <remarks>
/// Events of all processes reach the caller one at a time and on its own thread. A job that fails or dies takes nobody with it: those that wait for it run,
/// and say themselves what they miss.
/// </remarks>
/// <param name="processes">Starts them.</param>
public sealed class JobScheduler(IJobProcesses processes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs all jobs to their end.</summary>
    /// <param name="jobs">What is to be done, in the order of preference.</param>
    /// <param name="tell">Is told of every event.</param>
    /// <param name="cancel">Stops all running processes after a checkpoint; no further one is started.</param>
    /// <exception cref="OperationCanceledException">Cancelled; every process has ended.</exception>
    public void Run(IReadOnlyList<PendingJob> jobs, Action<JobEvent> tell, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(tell);
        var waiting = jobs.ToList();
        var running = new Dictionary<string, (IJobProcess Process, int Place)>(StringComparer.Ordinal);
        using var events = new BlockingCollection<JobEvent>();
        var isStopping = false;
        try
        {
            while (waiting.Count + running.Count > 0)
            {
                if (cancel.IsCancellationRequested && !isStopping)
                {
                    isStopping = true;
                    waiting.Clear();
                    foreach (var (process, _) in running.Values)
                    {
                        process.Stop();
                    }
                }

                StartWhatCan();
                if (events.TryTake(out var happened, Patience))
                {
                    Take(happened);
                }
            }
        }
        finally
        {
            foreach (var (process, _) in running.Values)
            {
                process.Stop(); // the caller failed: nobody would listen
                process.Dispose();
            }
        }

        cancel.ThrowIfCancellationRequested();

        void StartWhatCan()
        {
            while (running.Count < processes.Places && waiting.FirstOrDefault(IsReady) is { } job)
            {
                waiting.Remove(job);
                var place = Enumerable.Range(0, processes.Places).Except(running.Values.Select(taken => taken.Place)).First();
                running[job.Name] = (processes.Start(job.Name, place, events.Add), place);
            }
        }

        bool IsReady(PendingJob job) => !job.After.Any(name => running.ContainsKey(name) || waiting.Exists(other => other.Name == name));

        void Take(JobEvent happened)
        {
            if (happened is JobEnded && running.Remove(happened.Job, out var ended))
            {
                ended.Process.Dispose();
            }

            tell(happened);
        }
    }
}
