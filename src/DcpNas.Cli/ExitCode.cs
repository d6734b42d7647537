namespace DcpNas.Cli;

/// <summary>What a command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>The command has done what it was asked to.</summary>
    public const int Done = 0;

    /// <summary>It has failed while it worked, or what it looked at is not good (plan, doctor).</summary>
    public const int Failed = 1;

    /// <summary>Options, files or data cannot be used as they are.</summary>
    public const int Unusable = 2;

    /// <summary>It has stopped at SIGUSR1 with a checkpoint, and the same command goes on (EX_TEMPFAIL of sysexits.h).</summary>
    public const int Paused = 75;

    /// <summary>A user has stopped it (128 + SIGINT).</summary>
    public const int Cancelled = 130;
}
