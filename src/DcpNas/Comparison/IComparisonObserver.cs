namespace DcpNas.Comparison;

/// <summary>Is told what a comparison does while it runs.</summary>
public interface IComparisonObserver
{
    /// <summary>Once, before the first job of the session.</summary>
    /// <param name="records">All jobs in their order, as earlier sessions left them.</param>
    /// <param name="options">The comparison, earlier sessions included.</param>
    /// <param name="targetOps">The common cost.</param>
    void OnStart(IReadOnlyList<JobRecord> records, ComparisonOptions options, double targetOps);

    /// <summary>When a part of a job has gone on; first with the share that earlier sessions did.</summary>
    /// <param name="job">The job.</param>
    /// <param name="stage">The part.</param>
    /// <param name="share">What is done of it, 0 to 1.</param>
    void OnProgress(ComparisonJob job, JobStage stage, double share);

    /// <summary>When a job has ended in this session, well or not.</summary>
    void OnJob(JobRecord record);

    /// <summary>Before a search scores the networks of the population.</summary>
    /// <param name="job">The job of the search.</param>
    /// <param name="networks">Networks of the population.</param>
    void OnRank(string job, int networks);

    /// <summary>When something happened that a user should know.</summary>
    void OnWarning(string text);
}

/// <summary>The parts of a job, in their order.</summary>
public enum JobStage
{
    /// <summary>Finding a genotype.</summary>
    Search,

    /// <summary>Training its network, and testing it.</summary>
    Train,
}
