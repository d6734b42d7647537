using System.Buffers.Binary;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace DcpNas.Distributed;

/// <summary>Compares across ranks what must be equal on all of them.</summary>
public static class Agreement
{
    private const int Bytes = 8;

    /// <summary>Stops a run whose ranks hold different values of a tensor: a processor, a library or memory is not what the others have.</summary>
    /// <param name="collective">The processes; with one, nothing is done.</param>
    /// <param name="tensors">The tensors with what messages call them, in the same order on each rank.</param>
    /// <exception cref="RanksDisagreeException">Names tensor and rank, on every rank.</exception>
    public static void Demand(ICollective collective, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        ArgumentNullException.ThrowIfNull(collective);
        ArgumentNullException.ThrowIfNull(tensors);
        if (collective.Ranks > 1)
        {
            Demand(collective, [.. tensors.Select(tensor => (tensor.Name, HashOf(tensor.Value)))]);
        }
    }

    /// <summary>The same for a number.</summary>
    /// <inheritdoc cref="Demand(ICollective, IReadOnlyList{ValueTuple{string, Tensor}})"/>
    public static void Demand(ICollective collective, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(collective);
        if (collective.Ranks > 1)
        {
            Demand(collective, [(name, BitConverter.DoubleToUInt64Bits(value))]);
        }
    }

    private static void Demand(ICollective collective, IReadOnlyList<(string Name, ulong Hash)> values)
    {
        var own = new byte[Bytes * values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(own.AsSpan(Bytes * i), values[i].Hash);
        }

        var all = collective.Gather(own, Collective.Patience);
        for (var i = 0; i < values.Count; i++)
        {
            var (at, length) = (Bytes * i, Bytes);
            var other = Array.FindIndex(all, hashes => !hashes.AsSpan(at, length).SequenceEqual(all[0].AsSpan(at, length)));
            if (other > 0)
            {
                throw new RanksDisagreeException(
                    $"The {values[i].Name} of rank {other} differs from that of rank 0 after the same step. The last checkpoint is good: run the command again on machines with the same processor, number of threads and build (dcpnas doctor names them).");
            }
        }
    }

    /// <summary>64 bits of the SHA-256 of a tensor's values.</summary>
    internal static ulong HashOf(Tensor value)
    {
        using var scope = NewDisposeScope();
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(value.detach().cpu().contiguous().bytes));
    }
}
