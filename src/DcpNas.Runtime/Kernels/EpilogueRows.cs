namespace DcpNas.Runtime.Kernels;

/// <summary>Where an <see cref="Epilogue"/> reads and writes besides its sums: rows of pixels, one behind the other. Pointers are null where something is absent.</summary>
internal unsafe struct EpilogueRows
{
    /// <summary>Addresses of the bits that each sign gives, <c>[row][block][x]</c>; 0 where they are not wanted.</summary>
    public fixed long Bits[Epilogue.MostSigns];

    /// <summary>Added before the slope, <c>[pixel][ShortcutChannels]</c>.</summary>
    public float* Shortcut;

    /// <summary>Channels of the shortcut, which repeat until those of the sums: all of them, or a part that is a multiple of <see cref="Epilogue.RepetitionUnit"/>.</summary>
    public int ShortcutChannels;

    /// <summary>Added at the end, <c>[pixel][channel]</c>.</summary>
    public float* Addend;

    /// <summary>Receives the floats, <c>[pixel][channel]</c>.</summary>
    public float* Output;
}
