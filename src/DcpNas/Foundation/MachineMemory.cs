using System.Globalization;

namespace DcpNas.Foundation;

/// <summary>The memory of the machine, or of the container that this process runs in.</summary>
internal static class MachineMemory
{
    /// <summary>The smaller one of physical memory and the container's limit, in bytes.</summary>
    public static long TotalBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes that this process could use in all, those included that it uses already.</summary>
    public static long AvailableBytes()
    {
        var limit = TotalBytes;
        const string Info = "/proc/meminfo";
        const string Field = "MemAvailable:";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal)) : null;
        if (line is null)
        {
            return limit;
        }

        var free = 1024 * long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        return Math.Min(limit, free + (long)(ProcessMemory.CurrentMegabytes() * 1e6));
    }
}
