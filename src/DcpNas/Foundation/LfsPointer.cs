namespace DcpNas.Foundation;

/// <summary>Recognises the few lines that stand in the place of a file where a repository was cloned without Git LFS.</summary>
internal static class LfsPointer
{
    private const int StartBytes = 64;

    /// <summary>Whether a file begins as a pointer does.</summary>
    /// <param name="start">Its first bytes.</param>
    public static bool Is(ReadOnlySpan<byte> start) => start.StartsWith("version https://git-lfs.github.com/spec/"u8) || start.StartsWith("version https://hawser.github.com/spec/"u8);

    /// <summary>Whether the file at a path begins so; false where it cannot be read, which its reader says better.</summary>
    public static bool IsAt(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            return stream.CanSeek && stream.Length > 0 && IsOne(stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Refuses a pointer, wherever the stream stands; it stands there afterwards.</summary>
    /// <exception cref="InputException">It is one.</exception>
    public static void ThrowIfOne(string path, FileStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            return;
        }

        if (IsOne(stream))
        {
            throw Fault(path);
        }
    }

    /// <summary>The message for a pointer.</summary>
    public static InputException Fault(string path) =>
        new($"{path}: is a Git LFS pointer and not the file itself: its repository was cloned without Git LFS. Install git-lfs, then fetch the file: git lfs pull.");

    private static bool IsOne(FileStream stream)
    {
        Span<byte> start = stackalloc byte[StartBytes];
        var position = stream.Position;
        stream.Position = 0;
        var count = stream.ReadAtLeast(start, StartBytes, throwOnEndOfStream: false);
        stream.Position = position;
        return Is(start[..count]);
    }
}
