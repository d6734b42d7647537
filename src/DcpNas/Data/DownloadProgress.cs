namespace DcpNas.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is being downloaded.</param>
/// <param name="ReceivedBytes">Bytes that are on disk, those of an earlier attempt included.</param>
/// <param name="TotalBytes">Bytes of the whole file; null if the server does not say.</param>
public sealed record DownloadProgress(string File, long ReceivedBytes, long? TotalBytes);
