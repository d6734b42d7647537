namespace DcpNas.Protocols.Conformance;

/// <summary>What <see cref="ConformanceRun"/> evaluates.</summary>
public sealed record ConformanceOptions
{
    /// <summary>Random cases of each protocol, at least 0; default 1,000.</summary>
    public int Random { get; init; } = 1000;

    /// <summary>A folder of case files, or null for those that come with the program.</summary>
    public string? Cases { get; init; }

    /// <summary>Every fault, one sentence each.</summary>
    public IReadOnlyList<string> Problems() => Random >= 0 ? [] : [$"random must be at least 0, got {Random}."];
}
