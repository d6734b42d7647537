using DcpNas.Native;

namespace DcpNas.Data;

/// <summary>Finds the folder of a data set at or below a folder that a user named.</summary>
internal static class DatasetLocator
{
    private const int MaxDepth = 3;
    private const int NamedFolders = 3;

    /// <summary>The names of <see cref="DatasetNames"/> that the files directly in a folder belong to; usually none or one.</summary>
    public static IEnumerable<string> Recognise(string folder) => DatasetTable.All.Where(row => row.FilesIn(folder).Any()).Select(row => row.Name);

    /// <summary>The nearest folder that holds the named data set: the folder itself, the folder of a named file, or up to three levels below.</summary>
    /// <inheritdoc cref="Candidates"/>
    public static string? Find(string folder, string name, ICollection<string> closed)
    {
        var start = File.Exists(folder) ? Path.GetDirectoryName(folder) ?? "" : folder;
        return Candidates(start, closed).FirstOrDefault(candidate => Recognise(candidate).Contains(name));
    }

    /// <summary>Folders that may hold a data set, nearest first, each one once whatever links lead to it; the class folders of an image folder are left out.</summary>
    /// <param name="folder">The folder that a user named.</param>
    /// <param name="closed">Is given the folders below it that cannot be read: a disk has one (lost+found), so that it is no fault where the data lie elsewhere.</param>
    /// <exception cref="UnauthorizedAccessException">The named folder itself cannot be read.</exception>
    public static IEnumerable<string> Candidates(string folder, ICollection<string> closed)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var level = new List<string> { folder };
        var seen = new HashSet<FileIdentity>();
        for (var depth = 0; depth <= MaxDepth && level.Count > 0; depth++)
        {
            var next = new List<string>();
            foreach (var candidate in FolderWalk.Once(level, seen).Where(candidate => candidate == folder || ReadableFolder.Is(candidate, closed)))
            {
                yield return candidate;
                if (depth < MaxDepth && !Recognise(candidate).Contains(DatasetNames.Folder))
                {
                    next.AddRange(FolderWalk.Folders(candidate));
                }
            }

            level = next;
        }
    }

    /// <summary>What a message says of folders that cannot be read, as a sentence with a blank before it; empty where there are none.</summary>
    public static string NotSearched(IReadOnlyCollection<string> closed) => closed.Count == 0 ? ""
        : $" Not searched, because they cannot be read: {string.Join(", ", closed.Take(NamedFolders))}{(closed.Count > NamedFolders ? $" and {closed.Count - NamedFolders} more" : "")}.";
}
