namespace DcpNas.Jobs;

/// <summary>Starts jobs as processes.</summary>
public interface IJobProcesses
{
    /// <summary>How many may run at the same time: one per place, 0, 1, 2, ...</summary>
    int Places { get; }

    /// <summary>Starts one.</summary>
    /// <param name="job">The name of the job.</param>
    /// <param name="place">The place that it takes until it has ended.</param>
    /// <param name="tell">Is told what the process says, on any thread; last that it has ended.</param>
    IJobProcess Start(string job, int place, Action<JobEvent> tell);
}

/// <summary>A process that does a job.</summary>
public interface IJobProcess : IDisposable
{
    /// <summary>Asks it to stop after a checkpoint; it still tells that it has ended.</summary>
    void Stop();
}
