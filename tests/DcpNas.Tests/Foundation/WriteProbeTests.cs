using DcpNas.Tests.Runs;

namespace DcpNas.Tests.Foundation;

public sealed class WriteProbeTests
{
    [Fact]
    public void FileAndFolder_ThatCanBeWritten_LeaveNothing()
    {
        using var folder = new TemporaryFolder();
        WriteProbe.File(folder["a.txt"]);
        WriteProbe.Folder(folder["b/c/d"]);
        WriteProbe.Folder(folder.Path);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        WriteProbe.CreateFolder(folder["b/c"]);
        WriteProbe.Folder(folder["b/c/d"]);
        Assert.Equal([folder["b/c"]], Directory.GetFileSystemEntries(folder["b"]));
        Assert.Empty(Directory.GetFileSystemEntries(folder["b/c"]));
    }

    [Fact]
    public void File_ThatCannotBeWritten_SaysWhy()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"{folder.Path}: is a folder. Name a file.", Fault(() => WriteProbe.File(folder.Path)));
        Assert.Equal($"{folder["x/a"]}: there is no folder {folder["x"]}. Create it, or name a file elsewhere.", Fault(() => WriteProbe.File(folder["x/a"])));
        Assert.SkipUnless(Directory.Exists("/proc/self"), "This system has no /proc, where nobody may write.");
        Assert.StartsWith("/proc/a: cannot be written: ", Fault(() => WriteProbe.File("/proc/a")), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_ThatCannotBeWritten_SaysWhyAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Assert.Equal($"{folder["file"]}/a/b: cannot be written: {folder["file"]} is a file. Choose another folder.", Fault(() => WriteProbe.Folder(folder["file/a/b"])));
        Assert.StartsWith($"{folder["file"]}: cannot be written: ", Fault(() => WriteProbe.Folder(folder["file"])), StringComparison.Ordinal);
        Assert.Equal([folder["file"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Folder_OnAFullDisk_LeavesNothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder[WriteProbe.Name], "/dev/full");
        Assert.StartsWith($"{folder.Path}: cannot be written: No space left on device", Fault(() => WriteProbe.Folder(folder.Path)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static string Fault(Action probe) => Assert.Throws<InputException>(probe).Message;
}
