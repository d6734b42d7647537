using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Native;

/// <summary>Facts about the machine, read from Linux's /proc.</summary>
internal static class HardwareFacts
{
    private const double Gibibyte = 1 << 30;
    private const double LeastGibibytes = 8;

    /// <summary>The processor's own name for itself.</summary>
    public static string ProcessorName =>
        ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':') + 1)..].Trim()
            : "processor of unknown name";

    /// <summary>Those of the vector instruction sets our kernels know that this machine has.</summary>
    public static string InstructionSets
    {
        get
        {
            (string Name, bool IsSupported)[] sets =
            [
                ("AVX2", Avx2.IsSupported), ("AVX-512F", Avx512F.IsSupported), ("AVX-512VBMI", Avx512Vbmi.IsSupported), ("GFNI", Gfni.IsSupported), ("AdvSimd", AdvSimd.IsSupported),
            ];
            var present = string.Join(", ", sets.Where(set => set.IsSupported).Select(set => set.Name));
            return present.Length > 0 ? present : "none of AVX2, AVX-512, GFNI, AdvSimd";
        }
    }

    /// <summary>Main memory of this machine or container, total and available: what <c>plan</c> counts with.</summary>
    public static Finding Memory() => Memory(MachineMemory.TotalBytes, MachineMemory.AvailableBytes());

    /// <inheritdoc cref="Memory()"/>
    internal static Finding Memory(long total, long available)
    {
        var value = $"{total / Gibibyte:F1} GiB total, {available / Gibibyte:F1} GiB available";
        return available >= LeastGibibytes * Gibibyte
            ? new Finding("memory", value)
            : new Finding("memory", value, FindingStatus.Warning, $"A search at batch 32 needs about {LeastGibibytes:F0} GiB: close other programs or take a smaller batch.");
    }

    /// <summary>The names of the GPUs for the end of a line, or nothing where the driver does not tell.</summary>
    public static string GpuNames()
    {
        const string folder = "/proc/driver/nvidia/gpus";
        var names = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "information", SearchOption.AllDirectories)
                .SelectMany(File.ReadLines)
                .Where(line => line.StartsWith("Model:", StringComparison.Ordinal))
                .Select(line => line[6..].Trim())
                .ToList()
            : [];
        return names.Count > 0 ? $": {string.Join(", ", names)}" : "";
    }

    private static IEnumerable<string> ReadLines(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}
