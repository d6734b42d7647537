using System.Numerics;

namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>How input channels are cut into groups of a few bits, whose mismatches a table tells.</summary>
/// <remarks>
/// <para>Groups never cross a word. Table <c>a</c> holds at <c>w</c> the mismatches of activations <c>a</c> and weights <c>w</c>. Behind the tables of all activations stand those of a group
/// outside of the map, one for each number of channels that a group can have: half of the channels mismatch there, whatever the weights, so that the sum gets nothing from them.</para>
/// <para>Where a group has an odd number of channels half of it is no integer; then all tables hold twice the mismatches (<see cref="Unit"/>).</para>
/// </remarks>
internal sealed class Groups
{
    private readonly int _channels;

    /// <summary>Cuts the channels of a convolution.</summary>
    /// <param name="channels">Input channels.</param>
    /// <param name="bits">Bits of a group: 6, or 4.</param>
    public Groups(int channels, int bits)
    {
        (_channels, Bits) = (channels, bits);
        PerBlock = (BitShape.BlockChannels + bits - 1) / bits;
        Count = checked(((BitShape.BlocksOf(channels) - 1) * PerBlock) + ((((channels - 1) % BitShape.BlockChannels) + bits) / bits));
        Unit = channels % 2 == 0 ? 1 : 2;
    }

    /// <summary>Bits of a group.</summary>
    public int Bits { get; }

    /// <summary>Groups of a whole word.</summary>
    public int PerBlock { get; }

    /// <summary>Groups of all channels.</summary>
    public int Count { get; }

    /// <summary>What a mismatch counts.</summary>
    public int Unit { get; }

    /// <summary>Tables, those of groups outside included.</summary>
    public int TableCount => (1 << Bits) + Bits + 1;

    /// <summary>Steps that a byte counts without overflow.</summary>
    public int StepsPerByte => byte.MaxValue / (Bits * Unit);

    /// <summary>Channels of a group.</summary>
    public int SizeOf(int group)
    {
        var (block, index) = (group / PerBlock, group % PerBlock);
        return Math.Min(Math.Min(Bits, BitShape.BlockChannels - (index * Bits)), _channels - (block * BitShape.BlockChannels) - (index * Bits));
    }

    /// <summary>The bits of a group.</summary>
    /// <param name="words">The words of a pixel or of a tap.</param>
    /// <param name="pitch">Words between blocks.</param>
    /// <param name="group">The group.</param>
    public int Extract(ReadOnlySpan<ulong> words, int pitch, int group) =>
        (int)(words[group / PerBlock * pitch] >> (group % PerBlock * Bits)) & ((1 << Bits) - 1);

    /// <summary>The table of a group outside of the map.</summary>
    public int Outside(int group) => (1 << Bits) + SizeOf(group);

    /// <summary>Writes the tables.</summary>
    /// <param name="tables">Receives them.</param>
    /// <param name="tableBytes">Bytes of a table; it is repeated to fill them.</param>
    public void WriteTables(Span<byte> tables, int tableBytes)
    {
        var size = 1 << Bits;
        for (var table = 0; table < TableCount; table++)
        {
            for (var index = 0; index < tableBytes; index++)
            {
                var mismatches = Unit * BitOperations.PopCount((uint)(table ^ (index % size)));
                tables[(table * tableBytes) + index] = (byte)(table < size ? mismatches : Unit * (table - size) / 2);
            }
        }
    }
}
