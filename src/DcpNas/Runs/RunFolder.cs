using System.Text;
using System.Text.Json.Nodes;

namespace DcpNas.Runs;

/// <summary>The folder that holds everything of one run; see <see cref="RunFiles"/>.</summary>
/// <remarks>Same options and same folder resume the run; other options are refused, so one folder never mixes two runs.</remarks>
public sealed partial class RunFolder : IDisposable
{
    private const string ThreadsKey = "threads";

    private readonly RunLock? _lock;

    private RunFolder(string path, JsonObject options, RunLock? held, bool isResumed, IReadOnlyList<string> environmentChanges)
    {
        Path = path;
        Options = options;
        _lock = held;
        IsResumed = isResumed;
        EnvironmentChanges = environmentChanges;
    }

    /// <summary>The folder, as the user named it.</summary>
    public string Path { get; }

    /// <summary>The resolved options of the run.</summary>
    public JsonObject Options { get; }

    /// <summary>Whether the folder held this run before.</summary>
    public bool IsResumed { get; }

    /// <summary>What differs from the environment of the session before, as "threads: 2 before, 1 now"; empty for a new run.</summary>
    public IReadOnlyList<string> EnvironmentChanges { get; }

    /// <summary>The newest checkpoint's path.</summary>
    public string CheckpointPath => PathOf(RunFiles.Checkpoint);

    /// <summary>The metrics log's path.</summary>
    public string MetricsPath => PathOf(RunFiles.Metrics);

    /// <summary>Whether another process, or another object of this one, writes into the folder now.</summary>
    public bool IsInUseElsewhere => _lock is null && RunLock.IsHeld(Path);

    /// <summary>Opens an existing run to read it; takes no lock and changes nothing but what the caller writes.</summary>
    /// <exception cref="InputException">The folder holds no run.</exception>
    public static RunFolder OpenForReading(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var options = System.IO.Path.Combine(path, RunFiles.Options);
        return File.Exists(options)
            ? new RunFolder(path, JsonFiles.ReadObject(options), null, isResumed: true, [])
            : throw InputException.InFile(path, RunFiles.Options, "the options of a run", "no such file", "Name the folder of a run.");
    }

    /// <summary>The threads that a run was begun with: a resumed one keeps them, because results can depend on their number.</summary>
    /// <param name="path">The folder; need not exist.</param>
    /// <returns>Null where no run was begun there.</returns>
    /// <exception cref="InputException">Its options cannot be read.</exception>
    public static int? ThreadsIn(string path)
    {
        var options = System.IO.Path.Combine(path, RunFiles.Options);
        return !File.Exists(options) ? null
            : JsonFiles.ReadObject(options)[ThreadsKey] is JsonValue value && value.TryGetValue<int>(out var threads) ? threads
            : throw InputException.InFile(options, ThreadsKey, "a number of threads", "none", "Delete the folder to begin anew.");
    }

    /// <summary>Threads of a run that may be resumed: as they are named; where options leave them open (0), those that it was begun with, on whatever machine it goes on.</summary>
    /// <param name="path">The folder; need not exist.</param>
    /// <param name="threads">The option.</param>
    /// <returns>0 where neither names any.</returns>
    public static int ThreadsKept(string path, int threads)
    {
        var options = System.IO.Path.Combine(path, RunFiles.Options);
        return threads == 0 && File.Exists(options) && JsonFiles.ReadObject(options)[ThreadsKey] is JsonValue value && value.TryGetValue<int>(out var kept) ? kept : threads;
    }

    /// <summary>Tells a user what differs from the environment of the session before, if anything does.</summary>
    public void WarnOfChanges(Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        if (EnvironmentChanges.Count > 0)
        {
            warn($"This session does not run on what the one before ran on, so its numbers may differ in the last digits: {string.Join("; ", EnvironmentChanges)}.");
        }
    }

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file (UTF-8) in one step: a reader sees the old text or the new one.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void WriteText(string name, string text) => WriteText(Path, name, text);

    /// <summary>A text file of the folder, or null if it is not there.</summary>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public string? ReadText(string name)
    {
        if (!File.Exists(PathOf(name)))
        {
            return null;
        }

        using var reader = new StreamReader(InputFile.OpenRead(PathOf(name)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>A JSON file of the folder, or null if it is not there.</summary>
    /// <exception cref="InputException">The file cannot be opened or holds no JSON object.</exception>
    public JsonObject? ReadJson(string name) => File.Exists(PathOf(name)) ? JsonFiles.ReadObject(PathOf(name)) : null;

    /// <summary>Gives the folder free for other processes.</summary>
    public void Dispose() => _lock?.Dispose();

    private static void WriteText(string folder, string name, string text) =>
        AtomicFile.WriteText(System.IO.Path.Combine(folder, name), text);
}
