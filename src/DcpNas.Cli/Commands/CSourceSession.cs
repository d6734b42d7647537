using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Embedded;
using DcpNas.Export;
using DcpNas.Inference;
using DcpNas.Runtime;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas export --format c</c>: the C code of a packed model, or of a trained network by way of one.</summary>
internal static class CSourceSession
{
    /// <summary>Writes the code into a folder; with a run or a checkpoint also the packed model that it was made of.</summary>
    /// <exception cref="InputException">The folder or the name cannot be used, or the model has no integer mode.</exception>
    public static int Run(ExportOptions options, string name, bool json)
    {
        var folder = options.Out;
        CheckFolder(folder, name);
        var packed = ModelFile.OpenUnlessCheckpoint(options.Model);
        var file = packed is not null ? packed.Path : Path.Combine(folder, $"{name}.dcpnas");
        if (packed is not null)
        {
            RefuseShortcuts(options);
        }
        else
        {
            _ = Named("--name", () => CSourceGenerator.CheckName(name)); // before the work of the export
            Directory.CreateDirectory(folder);
            var outcome = ExportSession.Run(options with { Out = file, IntegerMode = true });
            if (!json)
            {
                ExportSession.Print(outcome);
            }
        }

        var sources = Named(file, () => CSourceGenerator.Generate(packed?.Model ?? PackedModel.Load(file), name));
        Directory.CreateDirectory(folder);
        foreach (var (path, text) in sources.Files.OrderBy(source => source.Key != MarkOf(name)))
        {
            var target = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            AtomicFile.WriteText(target, text);
        }

        JsonOutput.Show(json, () => Describe(sources, file, folder, name), () => Print(sources, folder, name));
        return ExitCode.Done;
    }

    /// <summary>A packed model has its integers already, and no images to make others of.</summary>
    /// <exception cref="InputException">Other bits are asked for.</exception>
    public static void RefuseShortcuts(ExportOptions options)
    {
        if (options.Shortcuts != new ExportOptions { Model = "", Out = "" }.Shortcuts)
        {
            throw new InputException($"{options.Model}: --shortcuts is decided when a run or checkpoint is exported, and this is a packed model. Leave it out, or export the run again.");
        }
    }

    /// <summary>Says of a fault where it lies.</summary>
    private static T Named<T>(string place, Func<T> generate)
    {
        try
        {
            return generate();
        }
        catch (CodeGenerationException error)
        {
            throw new InputException($"{place}: {error.Message}", error);
        }
    }

    /// <summary>A folder that holds something else than earlier code of this name, whole or not, would be mixed up with it.</summary>
    private static void CheckFolder(string folder, string name)
    {
        if (File.Exists(folder))
        {
            throw new InputException($"{folder}: is a file. Name a folder for the code.");
        }

        if (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, MarkOf(name))) && Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) != $"{name}.dcpnas"))
        {
            throw new InputException($"{folder}: is not empty, and holds no code of a network {name}. Name a new folder.");
        }
    }

    /// <summary>The file by which earlier code is known, written before the others.</summary>
    private static string MarkOf(string name) => $"{name}_selftest.c";

    private static JsonObject Describe(CSources sources, string file, string folder, string name) => new()
    {
        ["model"] = file,
        ["path"] = folder,
        ["format"] = "c",
        ["name"] = name,
        ["arena_bytes"] = sources.ArenaBytes,
        ["table_bytes"] = sources.TableBytes,
        ["results"] = sources.Results,
        ["files"] = new JsonArray([.. sources.Files.Keys.Select(path => JsonValue.Create(path))]),
    };

    private static void Print(CSources sources, string folder, string name)
    {
        Terminal.Print($"c         {folder} ({sources.Files.Count} files): {name}.h, {name}.c, {name}_weights.c, a self-test, build files, README.md");
        Terminal.Print($"flash     {sources.TableBytes} bytes of constants, and the code");
        Terminal.Print($"ram       {sources.ArenaBytes} bytes of arena, {sources.Results * sizeof(short)} of results, and the image");
    }
}
