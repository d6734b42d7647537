using DcpNas.Native;

namespace DcpNas.Runs;

/// <summary>Keeps commands from replacing what they read, whatever an output is called and whatever links lead to it.</summary>
public static class OutputGuard
{
    private const string Remedy = "Name another file.";

    // How files of data sets end; other files in such a folder are nobody's input.
    private static readonly string[] DataExtensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".bin", ".gz", ".json", ".xml", ".txt", ".csv", ".mat"];

    /// <summary>Refuses an output that is the network, a file of its run or of any run that others need, or a file of the data.</summary>
    /// <param name="output">The file to write.</param>
    /// <param name="model">The network as it is named: a run folder or a file.</param>
    /// <param name="folders">Folders of data that are read; null ones are passed over. That of the run joins them.</param>
    /// <exception cref="InputException">The output is one of these.</exception>
    public static void File(string output, string model, params IEnumerable<string?> folders)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(folders);
        var file = Directory.Exists(model) ? Path.Combine(model, RunFiles.BestModel) : model;
        var run = Path.GetDirectoryName(Path.GetFullPath(file))!;
        foreach (var written in (string[])[output, output + AtomicFile.TemporarySuffix])
        {
            if (FileIdentity.AreOne(written, file))
            {
                throw new InputException($"{output}: is the network that is read ({file}). {Remedy}");
            }

            RefuseRunFile(output, written, run);
            RefuseRunFile(output, written, Path.GetDirectoryName(Path.GetFullPath(written))!);
            foreach (var folder in folders.Append(DataOf(run)).OfType<string>())
            {
                if (System.IO.File.Exists(written) && IsData(written) && Directory.Exists(folder) && FileIdentity.IsWithin(written, folder))
                {
                    throw new InputException($"{output}: is a file of the data in {folder}, which are read. {Remedy}");
                }
            }
        }
    }

    /// <summary>Refuses outputs that are files that are read.</summary>
    /// <param name="outputs">The files to write.</param>
    /// <param name="inputs">The files that are read.</param>
    /// <exception cref="InputException">One of them is an input; names both.</exception>
    public static void Files(IEnumerable<string> outputs, IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(inputs);
        var read = new Dictionary<FileIdentity, string>();
        foreach (var input in inputs)
        {
            if (FileIdentity.Of(input) is { } identity)
            {
                read.TryAdd(identity, input);
            }
        }

        foreach (var output in outputs)
        {
            foreach (var written in (string[])[output, output + AtomicFile.TemporarySuffix])
            {
                if (FileIdentity.Of(written) is { } identity && read.TryGetValue(identity, out var input))
                {
                    throw new InputException($"{output}: would replace {input}, which is read. Name another folder.");
                }
            }
        }
    }

    /// <summary>Refuses an output folder that is a folder that is read, or lies in it: what is written would become part of what is read.</summary>
    /// <param name="output">The folder to write to; need not exist.</param>
    /// <param name="folder">The folder that is read.</param>
    /// <param name="option">Names another one.</param>
    /// <exception cref="InputException">It is such a folder.</exception>
    public static void Outside(string output, string folder, string option)
    {
        if (FileIdentity.IsWithin(output, folder))
        {
            throw new InputException($"{output}: lies in {folder}, which is read and whose folders are classes. Name another folder with {option}.");
        }
    }

    /// <summary>Refuses to replace files that others have made, by the record that the same command writes beside its own.</summary>
    /// <param name="outputs">The files to write; the record may be among them.</param>
    /// <param name="record">A JSON file.</param>
    /// <param name="keys">The keys that it has where it is this command's.</param>
    /// <exception cref="InputException">One of the outputs is there, and the record is missing or another one.</exception>
    public static void Foreign(IEnumerable<string> outputs, string record, params string[] keys)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentException.ThrowIfNullOrEmpty(record);
        if (outputs.FirstOrDefault(System.IO.File.Exists) is { } output && !HasKeys(record, keys))
        {
            throw new InputException($"{output}: is there, and no {Path.GetFileName(record)} of the same command beside it: it may be somebody else's. Name another folder.");
        }
    }

    /// <summary>Refuses to replace a text that others have made, by its first characters.</summary>
    /// <param name="output">The file to write.</param>
    /// <param name="text">What is to be written.</param>
    /// <param name="characters">So many at the start of it are the same in every file of this kind.</param>
    /// <exception cref="InputException">The output is there and begins otherwise.</exception>
    public static void ForeignText(string output, string text, int characters)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentNullException.ThrowIfNull(text);
        if (System.IO.File.Exists(output) && !Start(output, characters).StartsWith(text[..characters], StringComparison.Ordinal))
        {
            throw new InputException($"{output}: is there, and is another one than this command writes: it may be somebody else's. Name another folder.");
        }
    }

    private static string Start(string path, int characters)
    {
        try
        {
            using var reader = new StreamReader(path);
            var start = new char[characters];
            return new string(start, 0, reader.ReadBlock(start));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool HasKeys(string record, string[] keys)
    {
        try
        {
            return System.IO.File.Exists(record) && JsonFiles.ReadObject(record) is var json && keys.All(json.ContainsKey);
        }
        catch (InputException)
        {
            return false; // no JSON, or none that can be read
        }
    }

    private static void RefuseRunFile(string output, string written, string run)
    {
        if (System.IO.File.Exists(Path.Combine(run, RunFiles.Options)) && RunFiles.Kept.Select(name => Path.Combine(run, name)).FirstOrDefault(kept => FileIdentity.AreOne(written, kept)) is { } file)
        {
            throw new InputException($"{output}: is a file that the run in {run} needs ({Path.GetFileName(file)}). {Remedy}");
        }
    }

    private static bool IsData(string path)
    {
        var name = Path.GetFileName(path);
        return DataExtensions.Contains(Path.GetExtension(name).ToLowerInvariant()) || name.EndsWith("-ubyte", StringComparison.Ordinal);
    }

    /// <summary>The folder of data that the options of a run name.</summary>
    private static string? DataOf(string run)
    {
        const string Key = "data";
        var options = Path.Combine(run, RunFiles.Options);
        return System.IO.File.Exists(options) && JsonFiles.ReadObject(options)[Key] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<string>(out var folder) ? folder : null;
    }
}
