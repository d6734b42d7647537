using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DcpNas.Runs;

namespace DcpNas.Watching;

/// <summary>What stands in all run folders below a folder, as a page shows it; only reads.</summary>
/// <remarks>A log is read again only where it has grown, so that asking every few seconds costs little.</remarks>
/// <param name="root">The folder.</param>
public sealed class WatchedFolder(string root)
{
    private const int MostDepth = 8;
    private readonly ConcurrentDictionary<string, WatchedRun> _runs = new(StringComparer.Ordinal);

    /// <summary>The folder as the page calls it.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Everything below the folder, runs in the order of their last change.</summary>
    public JsonObject Read()
    {
        var folders = RunFolders(Root, MostDepth).ToList();
        foreach (var gone in _runs.Keys.Except(folders).ToList())
        {
            _runs.TryRemove(gone, out _);
        }

        var runs = folders.Select(folder => _runs.GetOrAdd(folder, path => new WatchedRun(Root, path)).Read()).OfType<JsonObject>()
            .OrderByDescending(run => (double)run["updated"]!).ToList();
        return new JsonObject
        {
            ["folder"] = Root,
            ["runs"] = new JsonArray([.. runs]),
        };
    }

    /// <summary>The curves, events and edges of one run; null where there is none.</summary>
    /// <param name="path">Its path below the folder, as <see cref="Read"/> names it.</param>
    public JsonObject? Detail(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _runs.TryGetValue(Path.Combine(Root, path), out var run) ? run.Detail() : null;
    }

    /// <summary>The file of a page or picture below the folder; null for anything else, above all for what lies elsewhere.</summary>
    /// <param name="path">Its path below the folder.</param>
    public string? PageFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains("..") || Path.GetExtension(path) is not (".html" or ".svg" or ".csv" or ".md" or ".png"))
        {
            return null;
        }

        var full = Path.GetFullPath(Path.Combine(Root, path));
        return full.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(full) && !LeadsOut(full) ? full : null;
    }

    private bool LeadsOut(string full)
    {
        for (var part = full; part.Length > Root.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null || new DirectoryInfo(part).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> RunFolders(string folder, int depth)
    {
        if (File.Exists(Path.Combine(folder, RunFiles.Options)))
        {
            yield return folder;
        }

        if (depth == 0)
        {
            yield break;
        }

        string[] inner;
        try
        {
            inner = [.. new DirectoryInfo(folder).EnumerateDirectories().Where(child => child.LinkTarget is null && child.Name != RunFiles.Events && !child.Name.StartsWith('.')).Select(child => child.FullName)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            yield break; // gone meanwhile, or not ours
        }

        foreach (var child in inner.Order(StringComparer.Ordinal).SelectMany(child => RunFolders(child, depth - 1)))
        {
            yield return child;
        }
    }
}
