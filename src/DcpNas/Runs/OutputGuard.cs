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
