using System.Diagnostics;
using DcpNas.Data;

namespace DcpNas.Tests.Data;

/// <summary>The development data: in the folder of <c>DCPNAS_DATA</c>, else unpacked once by <c>shared/data/prepare.sh</c> beside the checkout.</summary>
internal static class RealData
{
    private static readonly Lazy<string?> Root = new(FindRoot);

    /// <summary>The folder of a development data set; skips the test where it is not available.</summary>
    public static string Folder(string name)
    {
        var folder = Root.Value is null ? null : Path.Combine(Root.Value, name);
        Assert.SkipUnless(Directory.Exists(folder), $"Needs the development data '{name}': set {DatasetCatalog.FolderVariable} to the folder that holds it.");
        return folder!;
    }

    private static string? FindRoot()
    {
        var named = Environment.GetEnvironmentVariable(DatasetCatalog.FolderVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        var checkout = new DirectoryInfo(AppContext.BaseDirectory);
        while (checkout is not null && !File.Exists(Path.Combine(checkout.FullName, "DcpNas.slnx")))
        {
            checkout = checkout.Parent;
        }

        var script = checkout?.Parent is null ? null : Path.Combine(checkout.Parent.FullName, "shared", "data", "prepare.sh");
        if (!File.Exists(script))
        {
            return null;
        }

        var target = Path.Combine(checkout!.FullName, DatasetCatalog.DefaultFolder);
        using var process = Process.Start(new ProcessStartInfo("bash", [script, target]) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? target : null;
    }
}
