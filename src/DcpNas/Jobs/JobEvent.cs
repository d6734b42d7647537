namespace DcpNas.Jobs;

/// <summary>What the process of a job tells the one that has started it.</summary>
/// <param name="Job">The job.</param>
public abstract record JobEvent(string Job);

/// <summary>A part of the job has gone on.</summary>
/// <param name="Job">The job.</param>
/// <param name="Part">The part, in the words of whoever plans the jobs.</param>
/// <param name="Share">What is done of it, 0 to 1; first with what earlier sessions did.</param>
public sealed record JobProgressed(string Job, string Part, double Share) : JobEvent(Job);

/// <summary>Something happened that a user should know.</summary>
/// <param name="Job">The job.</param>
/// <param name="Text">What.</param>
public sealed record JobWarned(string Job, string Text) : JobEvent(Job);

/// <summary>The process has ended.</summary>
/// <param name="Job">The job.</param>
/// <param name="ExitCode">Its exit code; 0 where the job came to an end, also to a failure that it has recorded.</param>
/// <param name="LastLines">What it said last, for a process that died.</param>
public sealed record JobEnded(string Job, int ExitCode, string LastLines) : JobEvent(Job)
{
    /// <summary>Why a job whose process left no result has none.</summary>
    public string Error => $"Its process ended with exit code {ExitCode}{(LastLines.Length > 0 ? $": {LastLines}" : ".")}";
}
