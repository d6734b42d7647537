using DcpNas.Tests.Runs;

namespace DcpNas.Tests.Foundation;

/// <summary>Why a file cannot be written, in words of the user's.</summary>
public sealed class AtomicFileTests
{
    [Fact]
    public void Write_IntoNoFolder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var path = folder["none/x.json"];
        Assert.Equal($"{path}: cannot be written: there is no folder {folder["none"]}. Create it, or choose another one.", Refusal(path));
    }

    [Fact]
    public void Write_BelowAFile_NamesIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["letter"], "Dear friend");
        var path = folder["letter/x.json"];
        Assert.Equal($"{path}: cannot be written: {folder["letter"]} is a file. Choose another folder.", Refusal(path));
    }

    [Fact]
    public void Write_OverAFolder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"{folder.Path}: is a folder. Name a file.", Refusal(folder.Path));
    }

    [Fact]
    public void Write_WhereNothingCanBeCreated_NamesNoFileOfOurs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        Assert.Equal("/proc/q: cannot be written: nothing can be created in /proc. Choose a folder that can be written to.", Refusal("/proc/q"));
    }

    [Fact]
    public void CannotWrite_AFolderWhereAFileIs_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["letter"], "Dear friend");
        var fault = Assert.ThrowsAny<IOException>(() => Directory.CreateDirectory(folder["letter"]));
        Assert.Equal($"{folder["letter"]}: cannot be written: it is a file. Name a folder.", AtomicFile.CannotWrite(folder["letter"], fault).Message);
    }

    private static string Refusal(string path) => Assert.Throws<InputException>(() => AtomicFile.Write(path, stream => stream.WriteByte(1))).Message;
}
