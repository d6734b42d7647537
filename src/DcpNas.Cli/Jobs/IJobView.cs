namespace DcpNas.Cli.Jobs;

/// <summary>Shows one job.</summary>
internal interface IJobView
{
    /// <summary>When a part of the job has gone on.</summary>
    /// <param name="part">The part.</param>
    /// <param name="share">What is done of it, 0 to 1.</param>
    void Progress(string part, double share);

    /// <summary>When something happened that a user should know.</summary>
    void Warn(string text);
}
