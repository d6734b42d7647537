using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EndToEnd;

/// <summary>The built program as a process of its own.</summary>
internal static partial class Cli
{
    /// <summary>A search of seconds: an epoch of the Parent and one of the Child, of three steps each.</summary>
    public static readonly string[] TinySearch = TinySearchOf(epochs: 2);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The same with so many epochs, for who must stop it in the middle.</summary>
    public static string[] TinySearchOf(int epochs) =>
    [
        "--dataset", "synthetic", "--train-images", "36", "--cells", "3", "--channels", "2", "--epochs", $"{epochs}", "--rounds", "1", "--warmup-share", "0",
        "--batch-size", "6", "--evaluation-images", "6", "--final-channels", "4", "--final-cells", "3", "--threads", "1", "--workers", "0",
    ];

    /// <summary>The path of a recipe of the repository.</summary>
    public static string Recipe(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "DcpNas.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "configs", name);
    }

    public static Result Run(params string[] arguments) => Run(Directory.GetCurrentDirectory(), arguments);

    public static Result Run(string folder, string[] arguments)
    {
        using var process = Start(folder, arguments);
        return Wait(process);
    }

    /// <summary>With variables in its environment.</summary>
    public static Result RunWith((string Name, string Value)[] variables, string folder, string[] arguments)
    {
        using var process = Start(folder, arguments, variables);
        return Wait(process);
    }

    public static Process Start(string folder, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "DcpNas.Cli.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("DCPNAS_DATA");
        start.Environment.Remove("DCPNAS_INVOKED_AS");
        start.Environment["DOTNET_TieredCompilation"] = "1"; // most commands of the tests live for a second or two, which compiling in full would prolong by a fifth
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static Result Wait(Process process) => Wait(process, Patience);

    public static Result Wait(Process process, TimeSpan patience)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill();
            Assert.Fail($"dcpnas did not end within {patience}. It said: {error.Result}");
        }

        return new Result(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Sends Ctrl+C's signal, or SIGTERM, which is taken in the same way, where the shell above the tests has its children ignore the former.</summary>
    public static void Interrupt(Process process) => Assert.Equal(0, Kill(process.Id, Ignores(process.Id, Sigint) ? Sigterm : Sigint));

    /// <summary>Sends a signal by its number.</summary>
    public static void Signal(Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    /// <summary>Waits for something that a process does, which must not end before; null: that others do.</summary>
    public static void WaitFor(Process? process, Func<bool> isThere)
    {
        var watch = Stopwatch.StartNew();
        while (!isThere())
        {
            Assert.False(process?.HasExited == true, $"dcpnas ended early: {(process?.HasExited == true ? process.StandardError.ReadToEnd() : "")}");
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), "What is waited for does not come.");
            Thread.Sleep(5);
        }
    }

    /// <summary>Whether a process, and so those that it starts, ignores the hang-up of its terminal.</summary>
    public static bool IgnoresHangup(int process) => Ignores(process, Sighup);

    private const int Sighup = 1;
    private const int Sigint = 2;
    private const int Sigterm = 15;

    // A shell without job control starts background jobs so, and every process below inherits it.
    private static bool Ignores(int process, int signal)
    {
        const string Mask = "SigIgn:";
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(Mask, StringComparison.Ordinal));
        return (Convert.ToUInt64(line[Mask.Length..].Trim(), 16) & (1UL << (signal - 1))) != 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    public sealed record Result(int Code, string Output, string Error)
    {
        /// <summary>Asserts the exit code and that a person could read the message.</summary>
        public Result Ends(int code)
        {
            Assert.True(code == Code, $"exit code {Code} instead of {code}\nstdout: {Output}\nstderr: {Error}");
            Assert.DoesNotContain("   at DcpNas", Error, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled exception", Error, StringComparison.Ordinal);
            return this;
        }
    }
}
