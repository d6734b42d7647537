using System.Diagnostics;
using System.IO.Compression;

namespace EndToEnd;

/// <summary>The program as a dotnet tool: packed, installed into a folder of its own, and run from there.</summary>
public sealed class ToolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public void Tool_PackedAndInstalled_FindsLibTorchAndComputes()
    {
        using var folder = new TemporaryFolder();
        var project = Path.Combine(StartScriptTests.RepositoryRoot(), "src", "DcpNas.Cli", "DcpNas.Cli.csproj");
        Directory.CreateDirectory(folder["packages"]);
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Split('_')[0]; // release_linux-x64
        Dotnet(folder, "pack", project, "-c", configuration == "release" ? "Release" : "Debug", "--no-build", "--nologo", "-v", "quiet", "-o", folder["packages"]);

        // libtorch (480 MB) stays in the package folder; the tool is small.
        var packages = Directory.GetFiles(folder["packages"], "*.nupkg");
        Assert.NotEmpty(packages);
        Assert.InRange(packages.Sum(package => new FileInfo(package).Length), 1_000_000, 60_000_000);
        var entries = packages.SelectMany(package =>
        {
            using var archive = ZipFile.OpenRead(package);
            return archive.Entries.Select(entry => entry.Name).ToList();
        }).ToList();
        Assert.Contains("libLibTorchSharp.so", entries);
        Assert.DoesNotContain("libtorch_cpu.so", entries);

        Dotnet(folder, "tool", "install", "DcpNas.Cli", "--tool-path", folder["tool"], "--source", folder["packages"]);
        var doctor = Start(folder, Path.Combine(folder["tool"], "dcpnas"), "doctor").Ends(0);
        Assert.Matches(@"ok +computation on cpu +right", doctor.Output);
        Assert.Contains("normal: n2[", Start(folder, Path.Combine(folder["tool"], "dcpnas"), "genotype", "show", "Tangent_1").Ends(0).Output, StringComparison.Ordinal);
    }

    private static void Dotnet(TemporaryFolder folder, params string[] arguments)
    {
        var result = Start(folder, "dotnet", arguments);
        Assert.True(result.Code == 0, $"dotnet {string.Join(' ', arguments)} ended with {result.Code}\n{result.Output}\n{result.Error}");
    }

    private static Cli.Result Start(TemporaryFolder folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in (string[])["DCPNAS_DATA", "DCPNAS_INVOKED_AS", "DCPNAS_LIBTORCH"])
        {
            start.Environment.Remove(name);
        }

        // A server that outlives the test would keep its pipes open, and so the test waiting.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"], start.Environment["DOTNET_NOLOGO"]) = ("1", "1", "1");
        using var process = Process.Start(start)!;
        return Cli.Wait(process, Patience);
    }
}
