namespace DcpNas.Cli;

/// <summary>Work has stopped at SIGUSR1 with a checkpoint, to go on later.</summary>
internal sealed class PausedException : OperationCanceledException;
