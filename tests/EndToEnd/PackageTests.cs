using System.IO.Compression;
using System.Xml.Linq;

namespace EndToEnd;

/// <summary>The package of the runtime as nuget.org would show it.</summary>
public sealed class PackageTests
{
    [Fact]
    public void Pack_OfTheRuntime_SaysWhatTheEcosystemAsksFor()
    {
        using var folder = new TemporaryFolder();
        Packages.Pack(folder, "src/DcpNas.Runtime/DcpNas.Runtime.csproj", folder["packages"]);

        using var package = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder["packages"], "*.nupkg")));
        var names = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.All(["README.md", "icon.png", "buildTransitive/DcpNas.Runtime.targets", "lib/net10.0/DcpNas.Runtime.dll", "lib/net10.0/DcpNas.Runtime.xml"], name => Assert.Contains(name, names));
        var metadata = Nuspec(package);
        string Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
        Assert.Equal(("MIT", "README.md", "icon.png"), (Value("license"), Value("readme"), Value("icon")));
        Assert.Contains("1-bit", Value("tags"), StringComparison.Ordinal);
        Assert.Contains("Depends on nothing but .NET", Value("description"), StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{40}$", metadata.Elements().First(element => element.Name.LocalName == "repository").Attribute("commit")?.Value);
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");

        using var symbols = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder["packages"], "*.snupkg")));
        Assert.Contains("lib/net10.0/DcpNas.Runtime.pdb", symbols.Entries.Select(entry => entry.FullName));
        Assert.Contains("MIT License", File.ReadAllText(Path.Combine(StartScriptTests.RepositoryRoot(), "LICENSE")), StringComparison.Ordinal);
    }

    [Fact]
    public void Publish_AsNativeCodeForAnotherProcessor_SaysWhatToInstall()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "The other processor is named for x64.");
        Assert.SkipWhen(File.Exists("/usr/aarch64-linux-gnu/lib/libc.so"), "The tools are installed.");
        using var folder = new TemporaryFolder();

        var result = Packages.Dotnet(folder, "publish", Path.Combine(StartScriptTests.RepositoryRoot(), "samples", "Classify"), "-c", "Release", "-r", "linux-arm64", "-p:PublishAot=true", $"-p:ArtifactsPath={folder["artifacts"]}");

        Assert.Equal(1, result.Code);
        Assert.Contains(
            "error DCPNAS001: Native code for linux-arm64 needs clang, llvm-objcopy and the C library of that processor, which are not all here. On Debian or Ubuntu: apt install clang llvm gcc-aarch64-linux-gnu "
            + "(or name a root file system with -p:SysRoot=DIR). Or publish without native code, with -p:PublishAot=false: that needs nothing.", result.Output, StringComparison.Ordinal);
    }

    private static XElement Nuspec(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }
}
