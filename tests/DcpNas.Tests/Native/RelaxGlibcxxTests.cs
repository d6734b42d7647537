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
    public async Task Target_HardLinkedCopyTwice_ChangesOneByteOfTheCopyOnly()
    {
        using var folder = new TemporaryFolder();
        var (source, copy) = (folder.File("source.so"), folder.File("libLibTorchSharp.so"));
        File.Copy(PackageFile, source);
        await Run("ln", source, copy);
        await File.WriteAllTextAsync(folder.File("relax.proj"), $"<Project><Import Project=\"{Root}/Directory.Build.targets\" /></Project>", TestContext.Current.CancellationToken);

        await Relax();
        var original = await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken);
        var once = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllBytesAsync(PackageFile, TestContext.Current.CancellationToken), original);
        Assert.True(IsWeak(copy));
        Assert.Equal(original.Length, once.Length);
        Assert.Equal(1, original.Zip(once).Count(pair => pair.First != pair.Second));

        await Relax();
        Assert.Equal(once, await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken));

        Task Relax() => Run("dotnet", "msbuild", folder.File("relax.proj"), "-t:RelaxLibTorchSharp", $"-p:OutDir={folder.Path}/", "-nologo", "-nodeReuse:false");
    }

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
