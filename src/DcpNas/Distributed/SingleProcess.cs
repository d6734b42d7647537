namespace DcpNas.Distributed;

/// <summary>A run of one process.</summary>
public sealed class SingleProcess : ICollective
{
    private SingleProcess()
    {
    }

    /// <summary>The only one.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Ranks => 1;

    /// <inheritdoc/>
    public int LocalRank => 0;

    /// <inheritdoc/>
    public int LocalRanks => 1;

    /// <inheritdoc/>
    public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received, TimeSpan patience) =>
        throw new InvalidOperationException($"Bug in DcpNas: one process has no rank {partner} to talk to.");

    /// <inheritdoc/>
    public void Dispose()
    {
        // Holds nothing.
    }
}
