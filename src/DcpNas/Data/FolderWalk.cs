using DcpNas.Native;

namespace DcpNas.Data;

/// <summary>Goes through folders and those below them, each one once however many links lead to it.</summary>
internal static class FolderWalk
{
    /// <summary>Hidden entries are passed over; what may not be listed is an error.</summary>
    private static readonly EnumerationOptions Visible = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false };

    /// <summary>The files of a folder and of those below it. Links are followed: a circle of them is gone through once, and of a file and links to it the file counts, once.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isWanted">Which files.</param>
    /// <returns>In ordinal order of their paths.</returns>
    public static string[] Files(string folder, Func<string, bool> isWanted)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        var (files, links) = (new List<string>(), new List<string>());
        var (folders, seen) = (new Queue<string>([folder]), new HashSet<FileIdentity>());
        while (folders.TryDequeue(out var next))
        {
            Visit(next, seen, folders, path => (IsLink(path) ? links : files).Add(path), isWanted);
        }

        var known = links.Count == 0 ? [] : files.Select(path => FileIdentity.Of(path)).ToHashSet();
        files.AddRange(links.Order(StringComparer.Ordinal).Where(link => FileIdentity.Of(link) is not { } target || known.Add(target)));
        return [.. files.Order(StringComparer.Ordinal)];
    }

    /// <summary>The folders directly in a folder, in ordinal order; hidden ones are left out.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IEnumerable<string> Folders(string folder) => Directory.EnumerateDirectories(folder, "*", Visible).Order(StringComparer.Ordinal);

    /// <summary>Leaves out folders that were seen before under another path.</summary>
    /// <param name="folders">The folders.</param>
    /// <param name="seen">Those that were seen; grows.</param>
    public static IEnumerable<string> Once(IEnumerable<string> folders, HashSet<FileIdentity> seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return folders.Where(folder => FileIdentity.Of(folder) is not { } identity || seen.Add(identity));
    }

    // Links to folders wait until the folders are done, so that images are named by where they are and not by a link that leads there.
    private static void Visit(string folder, HashSet<FileIdentity> seen, Queue<string> links, Action<string> take, Func<string, bool> isWanted)
    {
        if (FileIdentity.Of(folder) is { } identity && !seen.Add(identity))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", Visible).Where(isWanted))
        {
            take(file);
        }

        foreach (var inner in Folders(folder))
        {
            if (IsLink(inner))
            {
                links.Enqueue(inner);
            }
            else
            {
                Visit(inner, seen, links, take, isWanted);
            }
        }
    }

    private static bool IsLink(string path) => File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);
}
