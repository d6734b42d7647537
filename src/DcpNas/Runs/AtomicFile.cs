namespace DcpNas.Runs;

/// <summary>Writes files so that a reader sees the old contents or the new ones, never a part.</summary>
/// <remarks>
/// The contents go to <c>path.tmp</c> in the same folder, are flushed to the disk, and then take the name of the target. A process killed
/// on the way leaves the old file and perhaps a <c>.tmp</c>, which the next write replaces. After a power failure the folder shows the
/// old or the new file, both whole, because the contents reach the disk before the name does.
/// </remarks>
public static class AtomicFile
{
    /// <summary>What is appended to a name while the file is being written.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> puts into the stream.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Fills the stream.</param>
    /// <param name="previous">Where the replaced file is kept, or null to drop it. There is no moment at which neither name holds a whole file.</param>
    /// <param name="beforeReplace">Runs between writing and renaming; for tests of what a kill leaves behind.</param>
    /// <exception cref="InputException">The folder is missing, read-only or full.</exception>
    public static void Write(string path, Action<FileStream> write, string? previous = null, Action? beforeReplace = null)
    {
        var temporary = path + TemporarySuffix;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                write(stream);
                stream.Flush();
                RandomAccess.FlushToDisk(stream.SafeFileHandle);
            }

            beforeReplace?.Invoke();
            if (previous is not null && File.Exists(path))
            {
                File.Replace(temporary, path, previous, ignoreMetadataErrors: true); // on Unix a hard link, then one rename
            }
            else
            {
                File.Move(temporary, path, overwrite: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw CannotWrite(path, error);
        }
    }

    /// <summary>The message for a file that cannot be written.</summary>
    public static InputException CannotWrite(string path, Exception error) =>
        new($"{path}: cannot be written: {error.Message.TrimEnd('.')}. Free disk space, or choose a folder that can be written to.", error);

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure to write is the news; a temporary file that stays is replaced by the next write.
        }
    }
}
