namespace DcpNas.Data;

/// <summary>Reads files so that every fault names the file.</summary>
internal static class DataFile
{
    /// <summary>The bytes of a whole file.</summary>
    /// <exception cref="InputException">The file cannot be opened or read, or is a pointer of Git LFS.</exception>
    public static byte[] ReadAllBytes(string path) => Reading(path, () =>
    {
        var bytes = WholeFile.ReadAllBytes(path);
        return LfsPointer.Is(bytes) ? throw LfsPointer.Fault(path) : bytes;
    });

    /// <summary>The bytes of a file, also where the path is a symbolic link to it (whose own length <see cref="FileInfo"/> gives).</summary>
    /// <exception cref="InputException">The file cannot be opened, or is a pointer of Git LFS.</exception>
    public static long Length(string path) => Reading(path, () =>
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        LfsPointer.ThrowIfOne(path, stream);
        return stream.Length;
    });

    /// <summary>Does what reads a file or folder, so that a fault of the file system names it.</summary>
    /// <param name="path">What the message names.</param>
    /// <param name="read">What is done; all that it enumerates must be enumerated in it.</param>
    /// <exception cref="InputException">It cannot be opened or read.</exception>
    public static T Reading<T>(string path, Func<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return read();
        }
        catch (Exception error) when (IsFileFault(error))
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>Faults of the file system, as against those of a file's content.</summary>
    public static bool IsFileFault(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>The exception for a file or folder that cannot be opened or read.</summary>
    public static InputException Unreadable(string path, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var why = error is FileNotFoundException or DirectoryNotFoundException ? FileNames.Why(path) : "";
        return new InputException(FileNames.IsUnreadable(path) ? $"{path}: cannot be opened.{why}" : $"{path}: cannot be read: {error.Message}{why} Check that it exists and that you may read it.", error);
    }
}
