using System.Text.Json.Nodes;

namespace DcpNas.Runs;

public sealed partial class RunFolder
{
    /// <summary>Starts a run in a new or empty folder, or resumes it in its own.</summary>
    /// <param name="path">The folder; it is created.</param>
    /// <param name="options">The resolved options.</param>
    /// <param name="environment">What this session runs on.</param>
    /// <param name="command">The command line, as a shell would take it.</param>
    /// <param name="mayChange">Dotted keys of options that may differ when a run is resumed, because they do not change its results.</param>
    /// <param name="beforeExisting">What options meant in runs that were begun before the options existed; without an entry such a run is refused.</param>
    /// <param name="neededBytes">What the folder will hold at most: checkpoints (three at a time) and logs; what it holds already needs no free space.</param>
    /// <param name="mayHold">Names that a folder without options may hold already: parts of the run that another command has made.</param>
    /// <param name="record">The type of the options, by which those of an earlier version are read (<see cref="OptionsJson.Current"/>); null where they never had other names.</param>
    /// <exception cref="InputException">
    /// The folder cannot be written to or is too full; another process uses it; it holds another run (the message lists the differing
    /// options) or files that are no run.
    /// </exception>
    public static RunFolder Start(
        string path, JsonObject options, RunEnvironment environment, string command, IReadOnlyCollection<string>? mayChange = null, long neededBytes = 0,
        JsonObject? beforeExisting = null, IReadOnlyCollection<string>? mayHold = null, Type? record = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        CreateAndProbe(path, neededBytes);
        var held = RunLock.Take(path);
        try
        {
            // Through text once, so that values compare as the file will give them back.
            var resolved = (JsonObject)JsonNode.Parse(options.ToJsonString())!;
            var optionsPath = System.IO.Path.Combine(path, RunFiles.Options);
            var isResumed = File.Exists(optionsPath);
            if (isResumed)
            {
                RefuseOtherOptions(path, WithMeaningOf(beforeExisting, Stored(optionsPath, record)), resolved, mayChange ?? []);
            }
            else
            {
                RefuseForeignFiles(path, mayHold ?? []);
            }

            WriteText(path, RunFiles.Options, JsonFiles.Format(resolved));
            WriteText(path, RunFiles.Command, command + "\n");
            var changes = AppendSession(path, environment, command);
            return new RunFolder(path, resolved, held, isResumed, changes);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static void CreateAndProbe(string path, long neededBytes)
    {
        RefuseFiles(path);
        WriteProbe.CreateFolder(path);
        var free = new DriveInfo(System.IO.Path.GetFullPath(path)).AvailableFreeSpace;
        var closed = new List<string>();
        var missing = neededBytes - RunFiles.Below(path, closed).Sum(file => file.Length);
        if (free < missing)
        {
            var uncounted = closed.Count == 0 ? "" : $" (not counted, because they cannot be read: {string.Join(", ", closed)})";
            throw new InputException(
                $"{path}: has {free / 1_000_000} MB of free space, the run needs {(missing + 999_999) / 1_000_000} MB{uncounted}. Free disk space, or choose another folder.");
        }
    }

    /// <summary>Names a file that stands where the folder, or one above it, should be.</summary>
    private static void RefuseFiles(string path)
    {
        for (var part = System.IO.Path.GetFullPath(path); part is not null; part = System.IO.Path.GetDirectoryName(part))
        {
            if (File.Exists(part))
            {
                throw new InputException(part == System.IO.Path.GetFullPath(path)
                    ? $"{path}: is a file. Name a folder for the run."
                    : $"{path}: {part} is a file. Name a folder for the run.");
            }
        }
    }

    private static void RefuseForeignFiles(string path, IReadOnlyCollection<string> mayHold)
    {
        // A session killed before it wrote its options leaves these; anything else belongs to somebody.
        var foreign = Directory.EnumerateFileSystemEntries(path).Select(System.IO.Path.GetFileName)
            .Where(name => name is not (RunFiles.Lock or RunFiles.Holder or WriteProbe.Name) && !name!.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal) && !mayHold.Contains(name))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        if (foreign is not null)
        {
            throw InputException.InFile(path, RunFiles.Options, "an empty folder or a run", $"no options but '{foreign}'", "Choose a new folder.");
        }
    }

    private static JsonObject Stored(string path, Type? record) =>
        record is null ? JsonFiles.ReadObject(path) : OptionsJson.Current(record, JsonFiles.ReadObject(path), path);

    private static JsonObject WithMeaningOf(JsonObject? beforeExisting, JsonObject options)
    {
        foreach (var (key, value) in beforeExisting ?? [])
        {
            if (!options.ContainsKey(key))
            {
                options[key] = value?.DeepClone();
            }
        }

        return options;
    }

    private static void RefuseOtherOptions(string path, JsonObject before, JsonObject now, IReadOnlyCollection<string> mayChange)
    {
        var differing = JsonFiles.Differences(before, now, mayChange).Select(one => $"\n  - {one.Key}: {one.There} there, {one.Here} now").ToList();
        if (differing.Count > 0)
        {
            throw new InputException(
                $"{path}: holds a run with other options:{string.Concat(differing)}\nUse the same options to resume it, or another folder for a new run.");
        }
    }

    /// <summary>Adds a session to environment.json; returns what changed since the last one.</summary>
    private static List<string> AppendSession(string path, RunEnvironment environment, string command)
    {
        var file = System.IO.Path.Combine(path, RunFiles.Environment);
        var sessions = File.Exists(file) ? JsonFiles.ReadObject(file)["sessions"]?.DeepClone() as JsonArray ?? [] : [];
        var session = environment.ToJson();
        var changes = new List<string>();
        if (sessions is [.., JsonObject last])
        {
            changes.AddRange(session
                .Where(pair => pair.Key != "start_time" && last.ContainsKey(pair.Key) && !JsonNode.DeepEquals(last[pair.Key], pair.Value))
                .Select(pair => $"{pair.Key}: {JsonFiles.Show(last[pair.Key])} before, {JsonFiles.Show(pair.Value)} now"));
        }

        session["command"] = command;
        sessions.Add((JsonNode)session);
        WriteText(path, RunFiles.Environment, JsonFiles.Format(new JsonObject { ["sessions"] = sessions }));
        return changes;
    }
}
