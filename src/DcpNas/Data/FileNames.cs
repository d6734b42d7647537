using System.Text;

namespace DcpNas.Data;

/// <summary>Finds files by the names that lists and annotations give them, also where the disk writes a name in another form of Unicode.</summary>
internal sealed class FileNames
{
    private const char Unreadable = '\uFFFD'; // what .NET shows for bytes of a name that are not UTF-8
    private readonly Dictionary<string, Dictionary<string, string>> _folders = new(StringComparer.Ordinal);

    /// <summary>The file of a name; null where there is none.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="name">Its name, perhaps with folders, separated by slashes.</param>
    public string? Find(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            return path;
        }

        if (Ascii.IsValid(name))
        {
            return null; // has one form alone
        }

        var at = folder;
        foreach (var part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Exists(Path.Combine(at, part)) ? Path.Combine(at, part)
                : Entries(at).TryGetValue(CanonicalName.Key(part), out var other) ? Path.Combine(at, other)
                : Path.Combine(at, part);
        }

        return File.Exists(at) ? at : null;
    }

    /// <summary>Why a name cannot be found although something like it is there, as a sentence with a blank before it; empty where nothing is.</summary>
    /// <param name="path">The file that is not there.</param>
    public static string Why(string path)
    {
        if (IsUnreadable(path))
        {
            return " Its name is not UTF-8 (each � stands for a byte that is not). Rename it: convmv -f latin1 -t utf-8 -r --notest DIR, with the encoding that it has.";
        }

        var (folder, name) = (Path.GetDirectoryName(path) ?? "", Path.GetFileName(path));
        try
        {
            return Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
                ? $" There is '{found}', whose name differs in upper and lower case."
                : "";
        }
        catch (Exception error) when (DataFile.IsFileFault(error))
        {
            return "";
        }
    }

    /// <summary>Whether the name of a file or folder has bytes that are not UTF-8, so that .NET cannot open it.</summary>
    public static bool IsUnreadable(string path) => path.Contains(Unreadable, StringComparison.Ordinal) && !Path.Exists(path);

    /// <summary>Refuses folders whose names have bytes that are not UTF-8.</summary>
    /// <exception cref="InputException">One of them has.</exception>
    public static void ThrowIfUnreadable(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.FirstOrDefault(IsUnreadable) is { } bad)
        {
            throw new InputException($"{bad}: cannot be opened.{Why(bad)}");
        }
    }

    private Dictionary<string, string> Entries(string folder)
    {
        if (_folders.TryGetValue(folder, out var known))
        {
            return known;
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (var name in Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal))
            {
                entries.TryAdd(CanonicalName.Key(name), name);
            }
        }

        return _folders[folder] = entries;
    }
}
