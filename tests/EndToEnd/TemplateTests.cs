using System.Text;

namespace EndToEnd;

/// <summary><c>dotnet new dcpnas-edge</c>, from packing to a program that classifies.</summary>
public sealed class TemplateTests
{
    [Fact]
    public void New_FromThePackedTemplate_GivesAProgramThatClassifies()
    {
        using var folder = new TemporaryFolder();
        Packages.Pack(folder, "src/DcpNas.Runtime/DcpNas.Runtime.csproj", folder["packages"]);
        Packages.Dotnet(
            folder, "pack", Path.Combine(StartScriptTests.RepositoryRoot(), "templates", "DcpNas.Templates.csproj"), "-c", "Release", "--nologo", "-v", "quiet", $"-p:ArtifactsPath={folder["artifacts"]}",
            "-o", folder["packages"]).Ends(0);
        Packages.Dotnet(folder, "new", "install", Directory.GetFiles(folder["packages"], "DcpNas.Templates.*.nupkg").Single(), "--debug:custom-hive", folder["hive"]).Ends(0);
        Packages.Dotnet(folder, "new", "dcpnas-edge", "-n", "Sorter", "-o", folder["Sorter"], "--debug:custom-hive", folder["hive"], "--no-update-check").Ends(0);

        Assert.Equal(["Ppm.cs", "Program.cs", "README.md", "Sorter.csproj"], Directory.GetFiles(folder["Sorter"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("using Sorter;", File.ReadAllText(folder["Sorter/Program.cs"]), StringComparison.Ordinal);
        var build = Packages.Dotnet(folder, "publish", folder["Sorter"], "-c", "Release", "--nologo", "--source", folder["packages"], $"-p:RestorePackagesPath={folder["cache"]}", "-o", folder["out"]);
        Assert.True(build.Code == 0, build.Output + build.Error);

        ColourModel.Write(folder["net.dcpnas"]);
        File.WriteAllBytes(folder["blue.ppm"], [.. Encoding.ASCII.GetBytes("P6\n20 10\n255\n"), .. Enumerable.Range(0, 600).Select(i => (byte)(i % 3 == 2 ? 255 : 0))]);
        var result = Packages.Dotnet(folder, "exec", folder["out/Sorter.dll"], folder["net.dcpnas"], folder["blue.ppm"]).Ends(0);
        Assert.Matches(@"^ *\d+\.\d\d ?%  blue\n", result.Output);
    }
}
