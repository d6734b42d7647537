namespace DcpNas.Embedded;

/// <summary>A place in the arena from the first to the last step that needs it.</summary>
internal sealed class ArenaBuffer(long bytes, int step)
{
    public long Bytes { get; set; } = bytes;

    public int First { get; } = step;

    public int Last { get; set; } = step;

    public long Offset { get; set; }

    public List<CValue> Values { get; } = [];

    public bool Meets(ArenaBuffer other) => First <= other.Last && other.First <= Last;
}
