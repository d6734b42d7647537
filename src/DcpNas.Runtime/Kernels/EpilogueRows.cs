namespace DcpNas.Runtime.Kernels;

/// <summary>Where a <see cref="SumEpilogue"/> reads and writes besides its sums: rows of pixels, one behind the other. Pointers are null where something is absent; they point to floats, or to the 16-bit numbers of a <see cref="Fixed.FixedEpilogue"/>.</summary>
internal unsafe struct EpilogueRows
{
    /// <summary>Addresses of the bits that each sign gives, <c>[row][block][x]</c>; 0 where they are not wanted.</summary>
    public fixed long Bits[SumEpilogue.MostSigns];

    /// <summary>Added before the slope, <c>[pixel][ShortcutChannels]</c>.</summary>
    public void* Shortcut;

    /// <summary>Channels of the shortcut, which repeat until those of the sums: all of them, or a part that is a multiple of <see cref="Epilogue.RepetitionUnit"/> or <see cref="Fixed.FixedEpilogue.RepetitionUnit"/>.</summary>
    public int ShortcutChannels;

    /// <summary>Added at the end, <c>[pixel][channel]</c>.</summary>
    public void* Addend;

    /// <summary>Receives the results, <c>[pixel][channel]</c>.</summary>
    public void* Output;
}
