using System.Diagnostics;

namespace EndToEnd;

/// <summary>dotnet's own commands, for packages.</summary>
internal static class Packages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Packs a project of the repository that has been built.</summary>
    public static void Pack(TemporaryFolder folder, string project, string target)
    {
        Directory.CreateDirectory(target);
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Split('_')[0]; // release_linux-x64
        var result = Dotnet(
            folder, "pack", Path.Combine(StartScriptTests.RepositoryRoot(), project), "-c", configuration == "release" ? "Release" : "Debug", "--no-build", "--nologo", "-v", "quiet", "-o", target);
        Assert.True(result.Code == 0, $"dotnet pack {project} ended with {result.Code}\n{result.Output}\n{result.Error}");
    }

    /// <summary>Runs <c>dotnet</c>.</summary>
    public static Cli.Result Dotnet(TemporaryFolder folder, params string[] arguments) => Start(folder, "dotnet", arguments);

    /// <summary>Runs a program in a folder, without what these tests were started with.</summary>
    public static Cli.Result Start(TemporaryFolder folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
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
