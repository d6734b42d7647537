using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Tests.Native;

public class LibTorchTests
{
    [Fact]
    public void Load_Defaults_ComputesWithParkedFinalizersOnOneThread()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(6f, (ones(3) + ones(3)).sum().item<float>());
        Assert.True(LibTorch.IsLoaded);
        Assert.True(FinalizerGate.IsParked);
        Assert.Equal(1, Threads.Count);
    }

    [Fact]
    public void Find_NoPackageAnywhere_ListsEveryFolderAndTheRemedies()
    {
        var message = Assert.Throws<InputException>(() => LibTorchLocation.InPackages([("/nowhere/a", "first"), ("", "unset"), ("/nowhere/b", "second")])).Message;
        Assert.StartsWith("libtorch 2.10.0 was not found. Looked in:\n  - /nowhere/a/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native (first): no such folder\n", message);
        Assert.Contains("/nowhere/b/", message);
        Assert.DoesNotContain("unset)", message);
        Assert.Contains("dotnet restore", message);
        Assert.Contains("DCPNAS_LIBTORCH", message);
    }

    [Fact]
    public void Find_ParentOfLib_TakesLib()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("lib"));
        File.WriteAllText(folder.File("lib/libtorch_cpu.so"), "");
        var location = LibTorchLocation.Find(folder.Path);
        Assert.Equal(folder.File("lib"), location.Folder);
        Assert.False(location.IsPinnedPackage);
    }

    [Fact]
    public void SymbolCheck_PinnedLibTorch_LacksNothing() => Assert.Empty(SymbolCheck.Run(new LibTorchLocation(LibTorch.Folder, "test", false)));

    [Fact]
    public void SymbolCheck_LibTorchWithoutItsMainLibrary_NamesVtablesThatAreMissing()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("libc10.so"), Path.Combine(LibTorch.Folder, "libc10.so"));
        var message = Assert.Throws<InputException>(() => SymbolCheck.Run(new LibTorchLocation(folder.Path, "DCPNAS_LIBTORCH", false))).Message;
        Assert.StartsWith($"{folder.Path}: at DCPNAS_LIBTORCH, expected libtorch 2.10.0 but found one without ", message);
        Assert.Contains("_ZT", message);
    }

    [Fact]
    public void SymbolCheck_FunctionMissing_IsAWarningAndAVtableFatal()
    {
        using var folder = new TemporaryFolder();
        var location = new LibTorchLocation(LibTorch.Folder, "test", false);
        var needs = ElfLibrary.Open(SymbolCheck.TorchSharpLibrary()).Needs;
        var function = needs.First(need => !need.AtLoad && need.Name.StartsWith("_ZN2at4_ops", StringComparison.Ordinal)).Name;
        Assert.Equal([Renamed(function)], SymbolCheck.Run(location, Copy(function, "a.so")));
        var vtable = needs.First(need => need.AtLoad && need.Name.StartsWith("_ZTV", StringComparison.Ordinal)).Name;
        Assert.Contains(Renamed(vtable), Assert.Throws<InputException>(() => SymbolCheck.Run(location, Copy(vtable, "b.so"))).Message);

        static string Renamed(string name) => name[..^1] + "#";

        // libLibTorchSharp.so with one name changed in place, as if libtorch had dropped it.
        string Copy(string name, string file)
        {
            var bytes = File.ReadAllBytes(SymbolCheck.TorchSharpLibrary());
            var at = bytes.AsSpan().IndexOf(System.Text.Encoding.Latin1.GetBytes($"\0{name}\0"));
            bytes[at + name.Length] = (byte)'#';
            File.WriteAllBytes(folder.File(file), bytes);
            return folder.File(file);
        }
    }

    [Fact]
    public void ElfLibrary_WithWhatLeadsNowhere_SaysSo()
    {
        // sh_link of a section names another one; sh_size is its length.
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(SymbolCheck.TorchSharpLibrary());
        var (table, size, count) = ((int)BitConverter.ToInt64(whole, 0x28), BitConverter.ToUInt16(whole, 0x3A), BitConverter.ToUInt16(whole, 0x3C));
        foreach (var (type, field, value) in (IReadOnlyList<(uint, int, int)>)[(11, 40, count), (11, 40, -1), (0x6ffffffe, 40, 30_000), (0x6fffffff, 32, 64)])
        {
            var bytes = whole.ToArray();
            var section = Enumerable.Range(0, count).Select(i => table + (i * size)).Single(at => BitConverter.ToUInt32(bytes, at + 4) == type);
            BitConverter.GetBytes(value).CopyTo(bytes, section + field);
            File.WriteAllBytes(folder.File("damaged.so"), bytes);

            Assert.Equal(
                $"{folder.File("damaged.so")}: at the section table, expected a complete ELF library but found one that ends early. Install it again.",
                Assert.Throws<InputException>(() => ElfLibrary.Open(folder.File("damaged.so"))).Message);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a library, but longer than the header of one, which has sixty-four bytes")]
    public void ElfLibrary_OtherFile_SaysSo(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("libtorch_cpu.so"), content);
        Assert.StartsWith(folder.File("libtorch_cpu.so") + ": at ", Assert.Throws<InputException>(() => ElfLibrary.Open(folder.File("libtorch_cpu.so"))).Message);
    }
}
