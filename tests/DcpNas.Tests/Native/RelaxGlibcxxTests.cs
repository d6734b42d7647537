using System.Diagnostics;
using DcpNas.Native;

namespace DcpNas.Tests.Native;

public class RelaxGlibcxxTests
{
    private const string Relaxed = "GLIBCXX_3.4.32";

    private static string Root { get; } = FindRoot();

    private static string PackageFile { get; } = Path.Combine(
        LibTorch.Folder[..LibTorch.Folder.IndexOf("/libtorch-cpu-linux-x64/", StringComparison.Ordinal)], "torchsharp", "0.107.0", "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [Fact]
    public void Build_OutputIsRelaxed_PackageIsNot()
    {
        Assert.True(IsWeak(SymbolCheck.TorchSharpLibrary()));
        Assert.False(IsWeak(PackageFile));
    }

    [Fact]
    public async Task Target_Twice_ChangesOneByteOfACopyOnly()
    {
        using var folder = new TemporaryFolder();
        var package = await Read(PackageFile);
        await Relax(PackageFile, "first");
        var once = await Read(folder.File("first/relaxed/libLibTorchSharp.so"));
        Assert.True(IsWeak(folder.File("first/relaxed/libLibTorchSharp.so")));
        Assert.Equal(package.Length, once.Length);
        Assert.Equal(1, package.Zip(once).Count(pair => pair.First != pair.Second));
        Assert.Equal(package, await Read(PackageFile));

        await Relax(folder.File("first/relaxed/libLibTorchSharp.so"), "second");
        Assert.Equal(once, await Read(folder.File("second/relaxed/libLibTorchSharp.so")));

        async Task Relax(string source, string output)
        {
            var project = $"""
                <Project>
                  <PropertyGroup><IntermediateOutputPath>{output}/</IntermediateOutputPath></PropertyGroup>
                  <ItemGroup><NativeCopyLocalItems Include="{source}" /></ItemGroup>
                  <Import Project="{Root}/Directory.Build.targets" />
                </Project>
                """;
            await File.WriteAllTextAsync(folder.File("relax.proj"), project, TestContext.Current.CancellationToken);
            await Run("dotnet", "msbuild", folder.File("relax.proj"), "-t:RelaxLibTorchSharp", "-nologo", "-nodeReuse:false");
        }
    }

    private static Task<byte[]> Read(string path) => File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

    private static bool IsWeak(string library) => ElfLibrary.Open(library).Versions.Single(need => need.Version == Relaxed).IsWeak;

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DcpNas.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the checkout.");
        }

        return folder;
    }
}
