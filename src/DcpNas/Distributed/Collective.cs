using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace DcpNas.Distributed;

/// <summary>The processes that this one works with, and what is built on their exchange of bytes.</summary>
public static class Collective
{
    /// <summary>The environment variable that says how many seconds a rank may take between two steps.</summary>
    public const string PatienceVariable = "DCPNAS_MPI_TIMEOUT";

    private static readonly AsyncLocal<ICollective?> Ambient = new();

    /// <summary>The processes of this run; one where no launcher has started more.</summary>
    public static ICollective Current => Ambient.Value ?? SingleProcess.Instance;

    /// <summary>How long a rank waits for another within the steps of a run: 600 s, or what <see cref="PatienceVariable"/> says.</summary>
    public static TimeSpan Patience { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(PatienceVariable), out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(10);

    /// <summary>How long a rank waits for another before the first step and after the last one, when one may read or test all images.</summary>
    public static TimeSpan LongPatience { get; } = TimeSpan.FromDays(7);

    /// <summary>Makes processes the ones that this one works with, until the result is disposed.</summary>
    public static IDisposable Use(ICollective collective)
    {
        ArgumentNullException.ThrowIfNull(collective);
        var before = Ambient.Value;
        Ambient.Value = collective;
        return new Restorer(before);
    }

    /// <summary>Threads of libtorch for this process where options leave them open: its share of the cores.</summary>
    public static int ThreadsFor(this ICollective collective, int threads)
    {
        ArgumentNullException.ThrowIfNull(collective);
        return threads > 0 ? threads : Math.Max(1, Environment.ProcessorCount / collective.LocalRanks);
    }

    /// <summary>The device of this process: where options name a GPU without its number, the processes on a machine take its GPUs in turn.</summary>
    /// <param name="collective">The processes.</param>
    /// <param name="device">cpu, cuda, cuda:N or auto.</param>
    public static string DeviceFor(this ICollective collective, string device)
    {
        ArgumentNullException.ThrowIfNull(collective);
        return collective.LocalRanks > 1 && (device is "cuda" or "auto") && Native.Devices.IsCudaUsable
            ? $"cuda:{collective.LocalRank % TorchSharp.torch.cuda.device_count()}"
            : device;
    }

    /// <summary>What each rank gives, in the order of ranks, on every rank.</summary>
    /// <param name="collective">The processes; their number is a power of two.</param>
    /// <param name="own">What this rank gives; lengths may differ.</param>
    /// <param name="patience">How long a rank may take.</param>
    public static byte[][] Gather(this ICollective collective, ReadOnlySpan<byte> own, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(collective);
        var known = new byte[collective.Ranks][];
        known[collective.Rank] = own.ToArray();
        for (var group = 1; group < collective.Ranks; group *= 2)
        {
            // Both halves of a group of twice the size know all of their own; rank r talks to the one that differs in this bit.
            var partner = collective.Rank ^ group;
            var (mine, theirs) = (collective.Rank & -group, partner & -group);
            var (sizes, others) = (new byte[8 * group], new byte[8 * group]);
            for (var i = 0; i < group; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(8 * i), known[mine + i].Length);
            }

            collective.Exchange(partner, sizes, others, patience);
            var lengths = Enumerable.Range(0, group).Select(i => (int)BinaryPrimitives.ReadInt64LittleEndian(others.AsSpan(8 * i))).ToArray();
            var received = new byte[lengths.Sum()];
            collective.Exchange(partner, Joined(known.AsSpan(mine, group)), received, patience);
            var at = 0;
            for (var i = 0; i < group; i++)
            {
                known[theirs + i] = received[at..(at += lengths[i])];
            }
        }

        return known;
    }

    /// <summary>What rank 0 gives, on every rank.</summary>
    /// <param name="collective">The processes.</param>
    /// <param name="own">What rank 0 sends; that of others is not used.</param>
    /// <param name="patience">How long a rank may take.</param>
    public static byte[] Broadcast(this ICollective collective, ReadOnlySpan<byte> own, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(collective);
        return collective.Gather(collective.Rank == 0 ? own : [], patience)[0];
    }

    /// <summary>Lets every rank prepare something; where one cannot, all end with its message.</summary>
    /// <typeparam name="T">What a rank prepares.</typeparam>
    /// <param name="collective">The processes.</param>
    /// <param name="prepare">The work of this rank.</param>
    /// <exception cref="InputException">This rank cannot, or another: the message then names it.</exception>
    public static T Together<T>(this ICollective collective, Func<T> prepare)
    {
        ArgumentNullException.ThrowIfNull(collective);
        ArgumentNullException.ThrowIfNull(prepare);
        if (collective.Ranks == 1)
        {
            return prepare();
        }

        var (prepared, fault) = (default(T), default(InputException));
        try
        {
            prepared = prepare();
        }
        catch (InputException error)
        {
            fault = error;
        }

        var faults = collective.Gather(Encoding.UTF8.GetBytes(fault is null ? "" : $"{Environment.MachineName}: {fault.Message}"), LongPatience);
        var first = Array.FindIndex(faults, text => text.Length > 0);
        if (first < 0)
        {
            return prepared!;
        }

        (prepared as IDisposable)?.Dispose();
        throw new RanksRefusedException(fault?.Message ?? $"rank {first} of {collective.Ranks} on {Encoding.UTF8.GetString(faults[first])}", fault);
    }

    /// <summary>Ends a run at this step on all ranks where one of them has been asked to stop.</summary>
    /// <param name="collective">The processes.</param>
    /// <param name="save">Keeps the state first.</param>
    /// <param name="cancel">Asks this one to stop.</param>
    /// <exception cref="OperationCanceledException">On all ranks at the same step.</exception>
    public static void StopTogether(this ICollective collective, Action save, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(save);
        if (!collective.AnyWantsToStop(cancel))
        {
            return;
        }

        save();
        cancel.ThrowIfCancellationRequested();
        throw new OperationCanceledException($"Another rank of {collective.Ranks} was asked to stop.");
    }

    private static byte[] Joined(ReadOnlySpan<byte[]> parts)
    {
        using var all = new MemoryStream();
        foreach (var part in parts)
        {
            all.Write(part);
        }

        return all.ToArray();
    }

    private static bool AnyWantsToStop(this ICollective collective, CancellationToken cancel)
    {
        return collective.Ranks == 1
            ? cancel.IsCancellationRequested
            : collective.Gather([cancel.IsCancellationRequested ? (byte)1 : (byte)0], Patience).Any(asked => asked[0] != 0);
    }

    /// <summary>Whether a number of processes or shards is one that a binary tree can have.</summary>
    internal static bool IsPowerOfTwo(int number) => number > 0 && BitOperations.IsPow2(number);

    private sealed class Restorer(ICollective? before) : IDisposable
    {
        public void Dispose() => Ambient.Value = before;
    }
}
