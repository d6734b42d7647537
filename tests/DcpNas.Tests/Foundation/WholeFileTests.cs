namespace DcpNas.Tests.Foundation;

public class WholeFileTests
{
    [Fact]
    public void ReadAllBytes_OfADeviceWithoutEnd_GivesUp() => Assert.Equal(
        "It is no ordinary file, and has not ended after 1 MiB.", Assert.Throws<IOException>(() => WholeFile.ReadAllBytes("/dev/zero", 1 << 20)).Message);

    [Fact]
    public void ReadAllBytes_OfAFileThatStatesNoLength_ReadsItToItsEnd() => Assert.Contains("Name:", WholeFile.ReadAllText("/proc/self/status"), StringComparison.Ordinal);

    [Fact]
    public void ReadAllText_WithAByteOrderMark_LeavesItOut()
    {
        using var folder = new Data.TempFolder();
        Assert.Equal("{}", WholeFile.ReadAllText(folder.Write([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], "options.json")));
        Assert.Empty(WholeFile.ReadAllBytes(folder.Write([], "empty")));
    }
}
