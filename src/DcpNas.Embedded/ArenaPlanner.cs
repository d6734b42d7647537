namespace DcpNas.Embedded;

/// <summary>Places buffers in one arena: the largest first, each at the lowest offset where it meets no other of its time.</summary>
internal static class ArenaPlanner
{
    /// <summary>Everything lies at multiples of so many bytes.</summary>
    public const int Alignment = 4;

    /// <summary>Gives every buffer its offset.</summary>
    /// <returns>The size of the arena in bytes.</returns>
    public static long Place(IEnumerable<ArenaBuffer> buffers)
    {
        var placed = new List<ArenaBuffer>();
        foreach (var buffer in buffers.OrderByDescending(buffer => buffer.Bytes).ThenBy(buffer => buffer.First))
        {
            var offset = 0L;
            foreach (var other in placed.Where(buffer.Meets).OrderBy(other => other.Offset))
            {
                if (offset + buffer.Bytes <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, Align(other.Offset + other.Bytes));
            }

            buffer.Offset = offset;
            placed.Add(buffer);
        }

        return placed.Count == 0 ? 0 : placed.Max(buffer => Align(buffer.Offset + buffer.Bytes));
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
