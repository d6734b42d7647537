namespace DcpNas.Foundation;

/// <summary>Options that cannot be used; lists every fault at once.</summary>
public sealed class OptionsException : InputException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">The options file, or "options" for the command line.</param>
    /// <param name="problems">One sentence each, at least one.</param>
    /// <param name="inner">The cause, if another exception is one.</param>
    public OptionsException(string source, IReadOnlyList<string> problems, Exception? inner = null)
        : base($"{source} cannot be used:{string.Concat(problems.Select(problem => $"\n  - {problem}"))}", inner) => Problems = problems;

    /// <summary>The faults, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
