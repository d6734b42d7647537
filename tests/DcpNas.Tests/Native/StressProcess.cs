using System.Diagnostics;

namespace DcpNas.Tests.Native;

/// <summary>Runs DcpNas.Stress, whose scenarios may end their process.</summary>
internal static class StressProcess
{
    public static string Path { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "DcpNas.Stress", System.IO.Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "DcpNas.Stress"));

    /// <summary>Whether this process, and so its children, ignores SIGINT (bit 1 of SigIgn).</summary>
    public static bool IgnoresInterrupts { get; } = File.Exists("/proc/self/status")
        && (Convert.ToUInt64(File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16) & 2) != 0;

    public static Process Start(IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // No core files and no minidumps of the crashes that are expected.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs to the end; killed after a minute.</summary>
    public static async Task<(int ExitCode, string Error)> Run(IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"DcpNas.Stress {string.Join(' ', arguments)} did not end within a minute.");
        }

        return (process.ExitCode, await error + await output);
    }
}
