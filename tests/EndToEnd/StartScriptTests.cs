using System.Diagnostics;

namespace EndToEnd;

/// <summary>The script <c>dcpnas</c> beside a program, an SDK and an ldconfig that only say how they were called.</summary>
public sealed class StartScriptTests : IDisposable
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4";
    private readonly TemporaryFolder _folder = new();

    public StartScriptTests()
    {
        var program = Path.Combine("artifacts", "bin", "DcpNas.Cli", "release");
        foreach (var folder in (string[])["src", "sdk", "bin", program])
        {
            Directory.CreateDirectory(_folder[folder]);
        }

        File.Copy(Path.Combine(RepositoryRoot(), "dcpnas"), _folder["dcpnas"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Start_ManyTimes_AlwaysFindsTcmalloc()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is for Linux.");
        WriteProgram();
        WriteScript("sdk/dotnet", "echo \"preload=${LD_PRELOAD:-none} arguments=$*\"");

        // Longer than a pipe holds, with the library first: what an early reader leaves unread ends ldconfig with SIGPIPE.
        WriteScript("bin/ldconfig", $"echo '\tlibtcmalloc_minimal.so.4 (libc6,x86-64) => {Library}'; yes filler | head -n 20000");
        for (var start = 0; start < 12; start++)
        {
            var output = Run("plan", "--cells", "3");
            Assert.Equal($"preload={Library} arguments=exec {_folder["artifacts/bin/DcpNas.Cli/release/DcpNas.Cli.dll"]} plan --cells 3\n", output.Output);
        }

        Assert.StartsWith("preload=none ", RunWith("DCPNAS_NO_TCMALLOC", "1").Output, StringComparison.Ordinal);
        Assert.StartsWith("preload=/x.so ", RunWith("LD_PRELOAD", "/x.so").Output, StringComparison.Ordinal);
        WriteScript("bin/ldconfig", "echo '\tlibother.so.1 (libc6,x86-64) => /usr/lib/libother.so.1'");
        Assert.StartsWith("preload=none ", Run().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WithoutAProgram_BuildsAndShowsErrorsOnly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is for Linux.");
        WriteScript("sdk/dotnet", $"""
            case $1 in
              --version) echo 10.0.100 ;;
              build) echo "$*" > "{_folder["build.txt"]}"; touch "{_folder["artifacts/bin/DcpNas.Cli/release/DcpNas.Cli.dll"]}" ;;
              *) echo "started" ;;
            esac
            """);

        var result = Run();

        Assert.Equal("started\n", result.Output);
        Assert.Equal("dcpnas: building (about a minute the first time) ...\n", result.Error);
        Assert.Equal($"build {_folder["src/DcpNas.Cli/DcpNas.Cli.csproj"]} -c Release --nologo -v quiet -tl:off -clp:ErrorsOnly;NoSummary\n", File.ReadAllText(_folder["build.txt"]));
    }

    /// <summary>The folder of the solution, above the built tests.</summary>
    internal static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DcpNas.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return folder;
    }

    private void WriteProgram() => File.WriteAllText(_folder["artifacts/bin/DcpNas.Cli/release/DcpNas.Cli.dll"], "");

    private void WriteScript(string name, string text)
    {
        File.WriteAllText(_folder[name], $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) // where the tests skip
        {
            File.SetUnixFileMode(_folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Cli.Result Run(params string[] arguments) => RunWith(null, null, arguments);

    private Cli.Result RunWith(string? variable, string? value, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(_folder["dcpnas"]);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in (string[])["LD_PRELOAD", "DCPNAS_NO_TCMALLOC", "DCPNAS_INVOKED_AS"])
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_ROOT"] = _folder["sdk"];
        start.Environment["PATH"] = $"{_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}";
        if (variable is not null)
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        return Cli.Wait(process).Ends(0);
    }
}
