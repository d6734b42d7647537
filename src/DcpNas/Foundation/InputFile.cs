namespace DcpNas.Foundation;

/// <summary>Opens files that are read; a pointer of Git LFS in the place of one is refused.</summary>
internal static class InputFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Opens a file that a running program may still be writing.</summary>
    /// <exception cref="InputException">It cannot be opened, or is a pointer.</exception>
    public static FileStream OpenRead(string path)
    {
        try
        {
            return OpenRead(path, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be opened: {error.Message.TrimEnd('.')}. Check the path and the permissions.", error);
        }
    }

    /// <summary>Opens a file; what the file system says against it is the caller's to tell.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="InputException">It is a pointer.</exception>
    public static FileStream OpenRead(string path, FileShare share)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, share, BufferBytes);
        try
        {
            LfsPointer.ThrowIfOne(path, stream);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
