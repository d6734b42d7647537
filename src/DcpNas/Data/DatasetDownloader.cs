using System.Net;
using System.Net.Http.Headers;

namespace DcpNas.Data;

/// <summary>Downloads the official files of a data set.</summary>
/// <remarks>
/// A file grows under the name <c>FILE.part</c>; what a broken connection left there is kept and continued (HTTP range). It gets its own name
/// only after its checksum was compared. An archive is unpacked beside its place and moved there when complete. What is there already is compared too:
/// a damaged file is an error that says what to delete.
/// </remarks>
public sealed class DatasetDownloader
{
    private const int Attempts = 4;

    private readonly HttpClient _client;
    private readonly TimeSpan _pause;
    private readonly TimeSpan _stall;

    /// <summary>Creates a downloader.</summary>
    /// <param name="client">Sends the requests; not disposed. Its timeout must be long enough for the answer to begin, not for the whole file.</param>
    /// <param name="pause">Wait before a broken connection is tried again; null is 2 seconds.</param>
    /// <param name="stall">A connection over which nothing comes for so long counts as broken; null is a minute.</param>
    public DatasetDownloader(HttpClient client, TimeSpan? pause = null, TimeSpan? stall = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _pause = pause ?? TimeSpan.FromSeconds(2);
        _stall = stall ?? TimeSpan.FromMinutes(1);
    }

    /// <summary>Downloads what is missing and returns the folder that <see cref="DatasetCatalog.Open"/> reads.</summary>
    /// <param name="source">What and where from.</param>
    /// <param name="folder">The data folder; made if need be.</param>
    /// <param name="progress">Told after each block, on any thread; may be null.</param>
    /// <param name="cancellationToken">Stops the download; what has arrived is kept for the next attempt.</param>
    /// <exception cref="InputException">
    /// The server refuses, the connection stays broken, or the checksum is wrong (names the address); a file that is there already is not the official one (names it).
    /// </exception>
    public async Task<string> DownloadAsync(
        DatasetSource source, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(folder);
        var target = Path.Combine(folder, source.Folder);
        try
        {
            foreach (var file in source.Files)
            {
                if (file.Contents is { } contents)
                {
                    await FetchArchiveAsync(source, file, contents, folder, progress, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await FetchFileAsync(source, file, target, progress, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (DataFile.IsFileFault(error))
        {
            throw new InputException($"{folder}: cannot be written: {error.Message} Free space or name another folder with --data DIR.", error);
        }

        return target;
    }

    private async Task FetchArchiveAsync(
        DatasetSource source, DatasetSource.SourceFile file, IReadOnlyDictionary<string, string> contents, string folder, IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var target = Path.Combine(folder, source.Folder);
        if (!Directory.Exists(target))
        {
            var path = await FetchFileAsync(source, file, folder, progress, cancellationToken).ConfigureAwait(false);
            await ArchiveExtractor.ExtractAsync(path, source.Folder, folder, cancellationToken).ConfigureAwait(false);
            File.Delete(path);
        }

        foreach (var (name, checksum) in contents)
        {
            await CompareAsync(Path.Combine(target, name), checksum, target, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> FetchFileAsync(
        DatasetSource source, DatasetSource.SourceFile file, string home, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(home);
        var path = Path.Combine(home, file.FileName);
        if (File.Exists(path))
        {
            await CompareAsync(path, file.Checksum, path, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await DownloadFileAsync(new Uri(source.BaseAddress, file.FileName), path, file.Checksum, progress, cancellationToken).ConfigureAwait(false);
        }

        return path;
    }

    /// <summary>Compares a file that is there already; it may be the user's own, so it is named instead of replaced.</summary>
    private static async Task CompareAsync(string path, string checksum, string toDelete, CancellationToken cancellationToken)
    {
        var found = File.Exists(path) ? await Checksum.OfFileAsync(path, checksum, cancellationToken).ConfigureAwait(false) : "no such file";
        if (found != checksum)
        {
            throw new InputException($"{path}: expected the official file ({checksum}) but found {found}. Delete {toDelete} and run the command again, "
                + "or name another folder with --data DIR.");
        }
    }

    private async Task DownloadFileAsync(Uri address, string path, string checksum, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var part = $"{path}.part";
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ReceiveAsync(address, part, progress, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (Exception error) when (IsConnectionFault(error, cancellationToken))
            {
                if (attempt == Attempts)
                {
                    throw new InputException($"{address}: the connection broke {Attempts} times: {error.Message} Run the command again: it goes on where it stopped.", error);
                }

                await Task.Delay(_pause, cancellationToken).ConfigureAwait(false);
            }
        }

        var actual = await Checksum.OfFileAsync(part, checksum, cancellationToken).ConfigureAwait(false);
        if (actual != checksum)
        {
            File.Delete(part);
            throw new InputException($"{address}: expected the checksum {checksum} but found {actual}. The download was deleted; run the command again, "
                + "and if it fails again, the server hands out other data.");
        }

        File.Move(part, path);
    }

    private async Task ReceiveAsync(Uri address, string part, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var present = File.Exists(part) ? DataFile.Length(part) : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (present > 0)
        {
            request.Headers.Range = new RangeHeaderValue(present, null);
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // Nothing is left to send: the part is complete, or it is not of this file, which the checksum tells.
            return;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new InputException($"{address}: the server answered {(int)response.StatusCode} {response.ReasonPhrase}. "
                + "Check the connection and a proxy (https_proxy), or download the file by other means and name its folder with --data DIR.");
        }

        // A server that ignores the range sends the file from its beginning.
        var resumed = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == present;
        var received = resumed ? present : 0;
        var total = received + response.Content.Headers.ContentLength;
        using var file = new FileStream(part, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write);
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var block = new byte[1 << 17];
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (true)
        {
            stalled.CancelAfter(_stall);
            var length = await body.ReadAsync(block, stalled.Token).ConfigureAwait(false);
            if (length == 0)
            {
                break;
            }

            await file.WriteAsync(block.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            received += length;
            progress?.Report(new DownloadProgress(Path.GetFileName(part)[..^".part".Length], received, total));
        }
    }

    // HttpIOException is an IOException of the network; other IOExceptions are of the disk and do not pass by themselves.
    private static bool IsConnectionFault(Exception error, CancellationToken cancellationToken) =>
        error is HttpRequestException or HttpIOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        || (error is IOException && error.InnerException is System.Net.Sockets.SocketException);
}

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is being downloaded.</param>
/// <param name="ReceivedBytes">Bytes that are on disk, those of an earlier attempt included.</param>
/// <param name="TotalBytes">Bytes of the whole file; null if the server does not say.</param>
public sealed record DownloadProgress(string File, long ReceivedBytes, long? TotalBytes);
