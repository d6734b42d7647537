using System.Text;

namespace DcpNas.Foundation;

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
    /// <exception cref="InputException">The path names a folder, or its folder is missing, read-only or full.</exception>
    public static void Write(string path, Action<FileStream> write, string? previous = null, Action? beforeReplace = null)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: is a folder. Name a file.");
        }

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

    /// <summary>Replaces <paramref name="path"/> by a text in UTF-8.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>The message for a file that cannot be written.</summary>
    public static InputException CannotWrite(string path, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var (reason, remedy) = Reason(Path.GetFullPath(path), error);
        return new InputException($"{path}: cannot be written: {reason}. {remedy}", error);
    }

    /// <summary>What is the case and what to do, without the names of our temporary files.</summary>
    private static (string Reason, string Remedy) Reason(string path, Exception error)
    {
        const int Exists = 17, NoSpace = 28, QuotaExceeded = 122; // errno, which .NET keeps in HResult
        const string Elsewhere = "Choose a folder that can be written to.";
        var folder = Path.GetDirectoryName(path) ?? path;
        return error switch
        {
            { HResult: NoSpace or QuotaExceeded } => ("No space left on device", "Free disk space, or choose a folder that can be written to."),
            { HResult: Exists } when File.Exists(path) => ("it is a file", "Name a folder."),
            _ when FileAbove(folder) is { } file => ($"{file} is a file", "Choose another folder."),
            _ when !Directory.Exists(folder) => ($"there is no folder {folder}", "Create it, or choose another one."),
            DirectoryNotFoundException or FileNotFoundException => ($"nothing can be created in {folder}", Elsewhere),
            UnauthorizedAccessException => ("this user has no right to", Elsewhere),
            _ => (error.Message.Replace(path + TemporarySuffix, path, StringComparison.Ordinal).TrimEnd('.'), Elsewhere),
        };
    }

    private static string? FileAbove(string folder)
    {
        for (var part = folder; part is not null; part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
            {
                return part;
            }
        }

        return null;
    }

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
