using System.Diagnostics;

namespace DcpNas.Distributed.Mpi;

/// <summary>The processes that a launcher of MPI has started.</summary>
public sealed unsafe class MpiCollective : ICollective
{
    private const int LargestMessage = 1 << 28;
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Polite = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UntilAllHaveJoined = TimeSpan.FromMinutes(2);
    private readonly MpiLibrary _library;
    private bool _ended;

    private MpiCollective(MpiLibrary library, MpiLauncher launcher)
    {
        (_library, LocalRank, LocalRanks) = (library, launcher.LocalRank, launcher.LocalRanks);
        (Rank, Ranks) = (library.Rank(), library.Size());
        Description = $"{library.Kind} ({library.Version}), {Ranks} ranks";
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Ranks { get; }

    /// <inheritdoc/>
    public int LocalRank { get; }

    /// <inheritdoc/>
    public int LocalRanks { get; }

    /// <summary>Library and number of processes, for people.</summary>
    public string Description { get; }

    /// <summary>Bytes that this rank has sent so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Exchanges with other ranks so far.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Time in exchanges so far, waiting for slower ranks included.</summary>
    public TimeSpan TimeInExchanges { get; private set; }

    /// <summary>Joins the processes that a launcher has started.</summary>
    /// <param name="launcher">What it says of this one.</param>
    /// <exception cref="InputException">There is no library of MPI, it belongs to another launcher, or the number of ranks is no power of two.</exception>
    public static MpiCollective Join(MpiLauncher launcher)
    {
        ArgumentNullException.ThrowIfNull(launcher);
        var library = MpiLibrary.Load(launcher.Libraries);
        using (new Timer(_ => GiveUp(launcher), null, UntilAllHaveJoined, Timeout.InfiniteTimeSpan))
        {
            library.Initialize();
        }

        var collective = new MpiCollective(library, launcher);
        if (collective.Ranks != launcher.Ranks)
        {
            library.Complete();
            throw new InputException($"{launcher.Name} has started {launcher.Ranks} ranks, but {library.Name} ({library.Kind}) sees {collective.Ranks}: library and launcher belong to different installations of MPI. Start with the mpirun of that library, or name the library of this mpirun in {MpiLauncher.LibraryVariable}.");
        }

        if (!Collective.IsPowerOfTwo(collective.Ranks))
        {
            library.Complete();
            throw new InputException($"The number of ranks must be a power of two, so that a binary tree adds up what they compute, got {collective.Ranks}. Start 1, 2, 4, 8, ... of them.");
        }

        return collective;
    }

    /// <inheritdoc/>
    public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        fixed (byte* from = sent, to = received)
        {
            for (var at = 0; at < Math.Max(sent.Length, received.Length); at += LargestMessage)
            {
                var (outgoing, incoming) = (Math.Clamp(sent.Length - at, 0, LargestMessage), Math.Clamp(received.Length - at, 0, LargestMessage));
                var receiving = incoming > 0 ? _library.Receive(to + at, incoming, partner) : 0;
                var sending = outgoing > 0 ? _library.Send(from + at, outgoing, partner) : 0;
                Wait(ref receiving, incoming > 0, partner, patience);
                Wait(ref sending, outgoing > 0, partner, patience);
                BytesSent += outgoing;
            }
        }

        Exchanges++;
        TimeInExchanges += Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Waits until all ranks have come to their end, then leaves them.</summary>
    /// <param name="patience">How long another one may take.</param>
    /// <exception cref="RankLostException">It has not come to its end.</exception>
    public void Complete(TimeSpan patience)
    {
        this.Gather([], patience);
        _library.Complete();
        _ended = true;
    }

    /// <summary>Ends all ranks at once, this process too.</summary>
    /// <param name="code">The exit code.</param>
    public void Abort(int code)
    {
        _ended = true;
        _library.Abort(code);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended)
        {
            Abort(1);
        }
    }

    /// <summary>A launcher may leave the others waiting where one of its processes has ended before it joined; the library itself knows no limit.</summary>
    private static void GiveUp(MpiLauncher launcher)
    {
        Console.Error.WriteLine($"dcpnas: rank {launcher.Rank} of {launcher.Ranks}: not all ranks have joined within {UntilAllHaveJoined.TotalSeconds:0} s; one of them has ended before. Its messages stand above; run dcpnas doctor on its machine.");
        Environment.Exit(1);
    }

    /// <summary>Asks again and again, at first at once, then ever more seldom, so that waiting ranks leave the cores to those that compute.</summary>
    private void Wait(ref nint request, bool isOpen, int partner, TimeSpan patience)
    {
        if (!isOpen)
        {
            return;
        }

        var started = Stopwatch.GetTimestamp();
        while (!_library.IsDone(ref request))
        {
            var waited = Stopwatch.GetElapsedTime(started);
            if (waited > patience)
            {
                throw new RankLostException($"Rank {partner} of {Ranks} has not answered rank {Rank} for {patience.TotalSeconds:0} s. The last checkpoint is good: run the command again. {Collective.PatienceVariable} (in seconds) says how long to wait.");
            }

            Thread.Sleep(waited < Busy ? 0 : waited < Polite ? 1 : 20);
        }
    }
}
