using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace DcpNas.Runs;

/// <summary>What a session ran on: the facts that change its numbers or its speed.</summary>
/// <param name="Version">Version of dcpnas.</param>
/// <param name="Commit">The git commit that dcpnas was built from, or null if the build did not know it.</param>
/// <param name="DotNet">Version of the .NET runtime.</param>
/// <param name="TorchSharp">Version of TorchSharp.</param>
/// <param name="LibTorch">Version of libtorch.</param>
/// <param name="Os">Operating system and its version.</param>
/// <param name="CpuModel">Name of the processor.</param>
/// <param name="Cores">Logical cores that the process may use.</param>
/// <param name="Threads">Threads of libtorch; results are equal bit for bit only at the same number.</param>
/// <param name="Device">Where tensors live: cpu, cuda:0.</param>
/// <param name="Allocator">The memory allocator of native code: glibc, tcmalloc, jemalloc, mimalloc.</param>
/// <param name="Machine">The host name.</param>
/// <param name="StartTime">When the session started, with its offset.</param>
public sealed record RunEnvironment(
    string Version, string? Commit, string DotNet, string TorchSharp, string LibTorch, string Os, string CpuModel, int Cores, int Threads,
    string Device, string Allocator, string Machine, DateTimeOffset StartTime)
{
    /// <summary>The facts of this process; libtorch must be loaded.</summary>
    /// <param name="device">Where tensors live.</param>
    public static RunEnvironment Collect(string device)
    {
        var informational = typeof(RunEnvironment).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var parts = informational.Split('+', 2);
        return new RunEnvironment(
            parts[0],
            parts.Length > 1 ? parts[1] : null,
            System.Environment.Version.ToString(),
            typeof(Tensor).Assembly.GetName().Version?.ToString(3) ?? "unknown",
            __version__,
            RuntimeInformation.OSDescription,
            ReadCpuModel(),
            System.Environment.ProcessorCount,
            get_num_threads(),
            device,
            FindAllocator(),
            System.Environment.MachineName,
            DateTimeOffset.Now);
    }

    /// <summary>The facts as JSON, keys in snake_case.</summary>
    public JsonObject ToJson() => new()
    {
        ["start_time"] = StartTime.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
        ["dcpnas"] = Version,
        ["git_commit"] = Commit,
        ["dotnet"] = DotNet,
        ["torchsharp"] = TorchSharp,
        ["libtorch"] = LibTorch,
        ["os"] = Os,
        ["cpu_model"] = CpuModel,
        ["cores"] = Cores,
        ["threads"] = Threads,
        ["device"] = Device,
        ["allocator"] = Allocator,
        ["machine"] = Machine,
    };

    private static string ReadCpuModel()
    {
        const string Source = "/proc/cpuinfo";
        if (File.Exists(Source))
        {
            foreach (var line in File.ReadLines(Source))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal) && line.Split(':', 2) is [_, var name])
                {
                    return name.Trim();
                }
            }
        }

        return RuntimeInformation.ProcessArchitecture.ToString(); // arm64 Linux and other systems give no name there
    }

    private static string FindAllocator()
    {
        const string Source = "/proc/self/maps";
        if (!File.Exists(Source))
        {
            return "system";
        }

        var maps = File.ReadAllText(Source);
        foreach (var name in (string[])["tcmalloc", "jemalloc", "mimalloc"])
        {
            if (maps.Contains($"lib{name}", StringComparison.Ordinal))
            {
                return name;
            }
        }

        return maps.Contains("musl", StringComparison.Ordinal) ? "musl" : "glibc";
    }
}
