using System.Formats.Tar;
using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class DatasetDownloaderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LoopbackServer _server = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task DownloadAsync_Archive_CanBeOpened()
    {
        var source = CifarSource(CifarArchive());
        var progress = new List<DownloadProgress>();
        var folder = await Download(source, new SynchronousProgress(progress.Add));
        Assert.Equal(Path.Combine(_folder.Path, "cifar-10-batches-bin"), folder);
        Assert.Equal(10, DataFiles.OpenSmall("cifar10", _folder.Path).Train.Count);
        Assert.Equal([folder], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal(("cifar-10-binary.tar.gz", progress[^1].TotalBytes), (progress[^1].File, progress[^1].ReceivedBytes));

        // What is there already is not downloaded again.
        await Download(source);
        Assert.Equal(["cifar-10-binary.tar.gz from 0"], _server.Requests);
    }

    [Fact]
    public async Task DownloadAsync_UnpackedFileDamaged_NamesItAndWhatToDelete()
    {
        var source = CifarSource(CifarArchive());
        var folder = await Download(source);
        var path = Path.Combine(folder, "data_batch_2.bin");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..3000]);

        var error = await Assert.ThrowsAsync<InputException>(() => Download(source));

        Assert.StartsWith($"{path}: expected the official file ({source.Files[0].Contents!["data_batch_2.bin"]}) but found sha1:", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($". Delete {folder} and run the command again, or name another folder with --data DIR.", error.Message, StringComparison.Ordinal);
        File.Delete(path);
        error = await Assert.ThrowsAsync<InputException>(() => Download(source));
        Assert.Contains(" but found no such file. Delete ", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
        await Download(source);
        Assert.Equal(DataFiles.Cifar10(1, 1, 2), File.ReadAllBytes(path));
    }

    [Fact]
    public async Task DownloadAsync_FileDamaged_NamesItAndWhatToDelete()
    {
        var source = MnistSource(new byte[1000]);
        var path = _folder.Write([1, 2, 3], "mnist", "images.gz");

        var error = await Assert.ThrowsAsync<InputException>(() => Download(source));

        Assert.Equal($"{path}: expected the official file ({source.Files[0].Checksum}) but found md5:5289df737df57326fcdd22597afb1fac. Delete {path} and run the command again, "
            + "or name another folder with --data DIR.", error.Message);
        Assert.Empty(_server.Requests);
        File.Delete(path);
        await Download(source);
        Assert.Equal(new byte[1000], File.ReadAllBytes(path));
    }

    [Fact]
    public async Task DownloadAsync_ConnectionBreaks_GoesOnWhereItStopped()
    {
        var content = new byte[100_000];
        new SeededRandom(1).NextBytes(content);
        _server.AnswersToCut = 2;
        await Download(MnistSource(content));
        Assert.Equal(content, File.ReadAllBytes(_folder.File("mnist", "images.gz")));
        Assert.Equal(["images.gz from 0", "images.gz from 50000", "images.gz from 75000"], _server.Requests);
        Assert.Single(Directory.GetFiles(_folder.File("mnist")));
    }

    [Fact]
    public async Task DownloadAsync_NothingMoreComes_TriesAgain()
    {
        var content = new byte[100_000];
        _server.AnswersToCut = 1;
        _server.Stall = true;
        var source = MnistSource(content);
        await new DatasetDownloader(_client, TimeSpan.Zero, stall: TimeSpan.FromSeconds(0.3))
            .DownloadAsync(source, _folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["images.gz from 0", "images.gz from 50000"], _server.Requests);
        Assert.Equal(content, File.ReadAllBytes(_folder.File("mnist", "images.gz")));
    }

    [Fact]
    public async Task DownloadAsync_ConnectionStaysBroken_SaysSoAndKeepsThePart()
    {
        var content = new byte[64_000];
        _server.AnswersToCut = 4;
        var source = MnistSource(content);
        var error = await Assert.ThrowsAsync<InputException>(() => Download(source));
        Assert.StartsWith($"{_server.Address}images.gz: the connection broke 4 times: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Run the command again: it goes on where it stopped.", error.Message, StringComparison.Ordinal);
        Assert.Equal(60_000, new FileInfo(_folder.File("mnist", "images.gz.part")).Length);
        await Download(source);
        Assert.Equal("images.gz from 60000", _server.Requests[^1]);
        Assert.Equal(content, File.ReadAllBytes(_folder.File("mnist", "images.gz")));
    }

    [Fact]
    public async Task DownloadAsync_ServerIgnoresRange_StartsAgain()
    {
        var content = new byte[1000];
        new SeededRandom(2).NextBytes(content);
        _server.IgnoreRange = true;
        _folder.Write(new byte[300], "mnist", "images.gz.part");
        await Download(MnistSource(content));
        Assert.Equal(content, File.ReadAllBytes(_folder.File("mnist", "images.gz")));
    }

    [Fact]
    public async Task DownloadAsync_PartIsComplete_OnlyComparesIt()
    {
        var content = new byte[1000];
        _folder.Write(content, "mnist", "images.gz.part");
        await Download(MnistSource(content));
        Assert.Equal(["images.gz from 1000"], _server.Requests);
        Assert.Equal(content, File.ReadAllBytes(_folder.File("mnist", "images.gz")));
    }

    [Fact]
    public async Task DownloadAsync_WrongChecksum_IsRefused()
    {
        var source = MnistSource(new byte[1000]);
        _server.Files["images.gz"] = [1, 2, 3];
        var error = await Assert.ThrowsAsync<InputException>(() => Download(source));
        Assert.Equal($"{_server.Address}images.gz: expected the checksum {source.Files[0].Checksum} but found md5:5289df737df57326fcdd22597afb1fac. "
            + "The download was deleted; run the command again, and if it fails again, the server hands out other data.", error.Message);
        Assert.Empty(Directory.GetFiles(_folder.File("mnist")));
    }

    [Fact]
    public async Task DownloadAsync_NotFound_SaysSo()
    {
        var source = MnistSource([1]);
        _server.Files.Clear();
        var error = await Assert.ThrowsAsync<InputException>(() => Download(source));
        Assert.Equal($"{_server.Address}images.gz: the server answered 404 Not Found. Check the connection and a proxy (https_proxy), "
            + "or download the file by other means and name its folder with --data DIR.", error.Message);
    }

    [Theory]
    [InlineData("../escaped.bin")]
    [InlineData("/tmp/dcpnas-escaped.bin")]
    [InlineData("cifar-10-batches-bin/../../escaped.bin")]
    [InlineData("cifar-10-batches-bin-2/escaped.bin")]
    public async Task DownloadAsync_ArchiveLeavesItsFolder_IsRefused(string name)
    {
        var error = await Assert.ThrowsAsync<InputException>(() => Download(CifarSource(Archive((name, [1])))));
        Assert.Equal($"{_folder.Path}/cifar-10-binary.tar.gz: at entry '{name}', expected a plain file or folder below cifar-10-batches-bin/ "
            + "but found RegularFile. Delete the archive and download it again.", error.Message);
        Assert.Equal(["cifar-10-binary.tar.gz"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.False(File.Exists("/tmp/dcpnas-escaped.bin"));
    }

    [Fact]
    public async Task DownloadAsync_ArchiveHoldsALink_IsRefused()
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "cifar-10-batches-bin/link") { LinkName = "/etc" });
        }

        var error = await Assert.ThrowsAsync<InputException>(() => Download(CifarSource(DataFiles.Gzip(buffer.ToArray()))));
        Assert.Contains("but found SymbolicLink.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DownloadAsync_ArchiveTruncated_IsRefused()
    {
        var archive = CifarArchive();
        var error = await Assert.ThrowsAsync<InputException>(() => Download(CifarSource(archive[..(archive.Length / 2)])));
        Assert.StartsWith($"{_folder.Path}/cifar-10-binary.tar.gz: the archive is damaged: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(["cifar-10-binary.tar.gz"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void For_KnownNames_HavePublishedChecksums()
    {
        Assert.All(DatasetSource.Names, name => Assert.All(DatasetSource.For(name).Files, file => Assert.Matches("^md5:[0-9a-f]{32}$", file.Checksum)));
        Assert.Equal(CifarFormat.Cifar10.Known[0].Checksums, DatasetSource.For("cifar10").Files[0].Contents!.Values);
        Assert.Equal("sha1:8fb6623e830365ff53cf14adec797474f5478006", DatasetSource.For("cifar100").Files[0].Contents!["test.bin"]);
        var error = Assert.Throws<InputException>(() => DatasetSource.For("folder"));
        Assert.Equal($"Data set 'folder' cannot be downloaded. Data sets that can: {string.Join(", ", DatasetSource.Names)}.", error.Message);
    }

    private Task<string> Download(DatasetSource source, IProgress<DownloadProgress>? progress = null) =>
        new DatasetDownloader(_client, TimeSpan.Zero).DownloadAsync(source, _folder.Path, progress, TestContext.Current.CancellationToken);

    private DatasetSource CifarSource(byte[] archive)
    {
        _server.Files["cifar-10-binary.tar.gz"] = archive;
        return DatasetSource.For("cifar10") with { BaseAddress = _server.Address, Files = [new("cifar-10-binary.tar.gz", Checksum.Of(archive, "md5:"), CifarContents)] };
    }

    private DatasetSource MnistSource(byte[] content)
    {
        _server.Files["images.gz"] = content;
        return DatasetSource.For("mnist") with { BaseAddress = _server.Address, Files = [new("images.gz", Checksum.Of(content, "md5:"))] };
    }

    private static Dictionary<string, string> CifarContents { get; } = Enumerable.Range(0, 6).ToDictionary(
        CifarFormat.Cifar10.AllFiles.ElementAt, file => Checksum.Of(DataFiles.Cifar10(file, 1, 2), "sha1:"));

    private static byte[] CifarArchive() => Archive([.. Enumerable.Range(0, 6).Select(file =>
        ($"cifar-10-batches-bin/{CifarFormat.Cifar10.AllFiles.ElementAt(file)}", DataFiles.Cifar10(file, 1, 2)))]);

    private static byte[] Archive(params ReadOnlySpan<(string Name, byte[] Content)> files)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return DataFiles.Gzip(buffer.ToArray());
    }

    // Progress<T> reports later, on another thread.
    private sealed class SynchronousProgress(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
