using DcpNas.Native;

namespace DcpNas.Tests.Native;

public sealed class FileIdentityTests
{
    [Fact]
    public void AreOne_LinksAndSpellings_AreTheFile()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "a");
        Write(folder, "b");
        File.CreateSymbolicLink(In(folder, "soft"), file);
        File.CreateSymbolicLink(In(folder, "softer"), In(folder, "soft"));
        Directory.CreateSymbolicLink(In(folder, "here"), folder.Path);
        foreach (var name in (string[])["a", "./a", "x/../a", "soft", "softer", "here/here/a"])
        {
            Directory.CreateDirectory(In(folder, "x"));
            Assert.True(FileIdentity.AreOne(file, In(folder, name)), name);
        }

        Assert.False(FileIdentity.AreOne(file, In(folder, "b")));
        Assert.False(FileIdentity.AreOne(In(folder, "none"), In(folder, "none")));
        Assert.True(FileIdentity.IsWithin(In(folder, "here/b"), folder.Path));
        Assert.True(FileIdentity.IsWithin(In(folder, "new"), In(folder, "here")));
        Assert.False(FileIdentity.IsWithin(In(folder, "b"), In(folder, "x")));
    }

    [Fact]
    public void AreOne_HardLinks_AreTheFile()
    {
        using var folder = new TemporaryFolder();
        var file = Write(folder, "a");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "hard links are told by inodes");
        using (var made = System.Diagnostics.Process.Start("ln", [file, In(folder, "hard")]))
        {
            made.WaitForExit();
        }

        Assert.True(FileIdentity.AreOne(file, In(folder, "hard")));
    }

    private static string In(TemporaryFolder folder, string name) => Path.Combine(folder.Path, name);

    private static string Write(TemporaryFolder folder, string name)
    {
        File.WriteAllText(In(folder, name), name);
        return In(folder, name);
    }
}
