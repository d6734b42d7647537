namespace DcpNas.Jobs;

/// <summary>The names in a folder whose jobs processes do.</summary>
public static class JobFiles
{
    /// <summary>The folder of the jobs; each has one of its name in it.</summary>
    public const string Folder = "jobs";

    /// <summary>What the process of a job wrote to stderr, in the folder of the job.</summary>
    public const string Log = "worker.log";
}
