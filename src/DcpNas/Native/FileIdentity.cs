using System.Runtime.InteropServices;

namespace DcpNas.Native;

/// <summary>What a path leads to, whatever it is called: two names, hard links or symbolic links of one file or folder have one identity.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Number">Its inode.</param>
/// <param name="Name">Where the system tells no inode: the full path with its links followed; else empty.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Number, string Name)
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint Inode = 0x100; // STATX_INO
    private const int Bytes = 256, InodeAt = 32, MajorAt = 136, MinorAt = 140; // of struct statx, the same on every processor

    /// <summary>The identity of an existing file or folder; null where there is none.</summary>
    public static FileIdentity? Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                Span<byte> found = stackalloc byte[Bytes];
                return Statx(CurrentFolder, path, 0, Inode, ref MemoryMarshal.GetReference(found)) == 0
                    ? new FileIdentity(((ulong)MemoryMarshal.Read<uint>(found[MajorAt..]) << 32) | MemoryMarshal.Read<uint>(found[MinorAt..]), MemoryMarshal.Read<ulong>(found[InodeAt..]), "")
                    : null;
            }
            catch (EntryPointNotFoundException)
            {
                // A C library from before 2018: the name has to do.
            }
        }

        FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return entry.Exists ? new FileIdentity(0, 0, entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? entry.FullName) : null;
    }

    /// <summary>Whether two paths lead to one file or folder that exists.</summary>
    public static bool AreOne(string a, string b) => Of(a) is { } first && Of(b) is { } second && first == second;

    /// <summary>Whether a path lies in a folder or below it, or is the folder, whatever links lead there.</summary>
    /// <param name="path">A file or folder, which need not exist.</param>
    /// <param name="folder">An existing folder.</param>
    public static bool IsWithin(string path, string folder)
    {
        if (Of(folder) is not { } sought)
        {
            return false;
        }

        var spelled = Path.GetFullPath(path);
        return Above(spelled).Concat(Above(Final(spelled))).Any(part => Of(part) == sought);
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            yield return part;
        }
    }

    // The target of a link, so that the folders above are those of the file and not those of the link.
    private static string Final(string path) =>
        (File.Exists(path) ? File.ResolveLinkTarget(path, true) : Directory.Exists(path) ? Directory.ResolveLinkTarget(path, true) : null)?.FullName ?? path;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte found);
}
