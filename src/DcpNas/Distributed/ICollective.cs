namespace DcpNas.Distributed;

/// <summary>The processes that work on one run together: each has a rank, and two of them at a time exchange bytes.</summary>
/// <remarks>Everything else, sums and agreement, is built on <see cref="Exchange"/>, so that a back end has one method to get right. For one thread.</remarks>
public interface ICollective : IDisposable
{
    /// <summary>The number of this process, from 0; rank 0 writes the run folder.</summary>
    int Rank { get; }

    /// <summary>How many processes there are.</summary>
    int Ranks { get; }

    /// <summary>The number of this process among those on this machine, from 0.</summary>
    int LocalRank { get; }

    /// <summary>How many of the processes are on this machine.</summary>
    int LocalRanks { get; }

    /// <summary>Sends bytes to a rank and receives as many as it sends.</summary>
    /// <param name="partner">The other rank, which calls this with the number of this one at the same time.</param>
    /// <param name="sent">What goes there.</param>
    /// <param name="received">Where to put what comes; its length is known to both.</param>
    /// <param name="patience">How long the partner may take.</param>
    /// <exception cref="RankLostException">It has not answered in that time.</exception>
    void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received, TimeSpan patience);
}
