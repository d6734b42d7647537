namespace DcpNas.Runtime.Kernels;

/// <summary>Bytes that start at a cache line and never move.</summary>
internal sealed unsafe class AlignedBytes
{
    private const int Line = 64;

    private readonly byte[] _memory;

    /// <summary>Allocates bytes of 0.</summary>
    public AlignedBytes(int length)
    {
        _memory = GC.AllocateArray<byte>(checked(length + Line), pinned: true);
        fixed (byte* start = _memory)
        {
            Pointer = (byte*)(((nuint)start + Line - 1) & ~(nuint)(Line - 1));
        }

        Length = length;
    }

    /// <summary>The first byte; valid while this object lives.</summary>
    public byte* Pointer { get; }

    /// <summary>How many.</summary>
    public int Length { get; }

    /// <summary>The bytes.</summary>
    public Span<byte> Span => new(Pointer, Length);
}
