using System.IO.Compression;

namespace EndToEnd;

/// <summary>The program as a dotnet tool: packed, installed into a folder of its own, and run from there.</summary>
public sealed class ToolTests
{
    [Fact]
    public void Tool_PackedAndInstalled_FindsLibTorchAndComputes()
    {
        using var folder = new TemporaryFolder();
        Packages.Pack(folder, "src/DcpNas.Cli/DcpNas.Cli.csproj", folder["packages"]);

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

        Packages.Dotnet(folder, "tool", "install", "DcpNas.Cli", "--tool-path", folder["tool"], "--source", folder["packages"]).Ends(0);
        var doctor = Packages.Start(folder, Path.Combine(folder["tool"], "dcpnas"), "doctor").Ends(0);
        Assert.Matches(@"ok +computation on cpu +right", doctor.Output);
        Assert.Contains("normal: n2[", Packages.Start(folder, Path.Combine(folder["tool"], "dcpnas"), "genotype", "show", "Tangent_1").Ends(0).Output, StringComparison.Ordinal);
    }
}
