namespace DcpNas.Foundation;

/// <summary>Tries whether something can be written before the work that it would keep, and leaves nothing.</summary>
public static class WriteProbe
{
    /// <summary>The name of the file that is written and deleted; a kill in between leaves it.</summary>
    internal const string Name = ".write-probe";

    private const int Bytes = 1 << 16;

    /// <summary>Tries a file that is to be written: its folder must exist and take another file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is a folder, or its folder is missing, read-only or full.</exception>
    public static void File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: is a folder. Name a file.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{path}: there is no folder {folder}. Create it, or name a file elsewhere.");
        }

        Try(path, () => Fill(folder));
    }

    /// <summary>Tries a folder that is to be written to; those that are missing are created for the trial and removed again.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It is a file, or cannot be created or written to.</exception>
    public static void Folder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var missing = new List<string>();
        for (var part = Path.GetFullPath(path); part is not null && !Directory.Exists(part); part = Path.GetDirectoryName(part))
        {
            missing.Add(part);
        }

        Try(path, () =>
        {
            try
            {
                Directory.CreateDirectory(path);
                Fill(path);
            }
            finally
            {
                foreach (var part in missing.Where(part => Directory.Exists(part) && !Directory.EnumerateFileSystemEntries(part).Any()))
                {
                    Directory.Delete(part);
                }
            }
        });
    }

    /// <summary>Creates a folder and tries whether it can be written to.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It cannot be created or written to.</exception>
    public static void CreateFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Try(path, () =>
        {
            Directory.CreateDirectory(path);
            Fill(path);
        });
    }

    private static void Fill(string folder)
    {
        var probe = Path.Combine(folder, Name);
        try
        {
            using var stream = new FileStream(probe, FileMode.Create, FileAccess.Write);
            stream.Write(new byte[Bytes]);
            stream.Flush();
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }
        finally
        {
            System.IO.File.Delete(probe);
        }
    }

    private static void Try(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotWrite(path, error);
        }
    }
}
