using System.Diagnostics;
using System.Globalization;

namespace DcpNas.Foundation;

/// <summary>The memory of this process, native libraries included.</summary>
public static class ProcessMemory
{
    /// <summary>The most resident memory so far, in MB (10^6 bytes).</summary>
    public static double PeakMegabytes() => (FromStatus("VmHWM:") ?? Process.GetCurrentProcess().PeakWorkingSet64) / 1e6;

    /// <summary>Resident memory now, in MB (10^6 bytes).</summary>
    public static double CurrentMegabytes() => (FromStatus("VmRSS:") ?? Environment.WorkingSet) / 1e6;

    private static double? FromStatus(string field)
    {
        const string Status = "/proc/self/status";
        var line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(text => text.StartsWith(field, StringComparison.Ordinal)) : null;
        return line is null ? null : 1024 * double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
