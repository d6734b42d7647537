using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Inference;
using DcpNas.Runs;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>How predictions of one kind are printed and written.</summary>
/// <param name="folder">Where results go as files; null for nowhere.</param>
internal abstract class PredictionOutput(string? folder)
{
    /// <summary>The folder of results, or null.</summary>
    protected string? Folder { get; } = folder;

    /// <summary>The name of the file that holds everything.</summary>
    protected abstract string ResultFile { get; }

    /// <summary>The line above all others; null for none.</summary>
    public virtual string? Heading => null;

    /// <summary>Refuses a folder in which a result would replace an image or the network, and creates it.</summary>
    /// <param name="files">The images.</param>
    /// <param name="model">The network.</param>
    /// <exception cref="InputException">It is such a folder, or cannot be written.</exception>
    public virtual void Prepare(IReadOnlyList<string> files, string model)
    {
        if (Folder is not null)
        {
            OutputGuard.Files([Path.Combine(Folder, ResultFile)], [.. files, model]);
            WriteProbe.CreateFolder(Folder);
        }
    }

    /// <summary>Takes an image and describes what the network says of it, for programs.</summary>
    public abstract JsonObject Describe(ImageResult image);

    /// <summary>The same for people.</summary>
    public abstract IEnumerable<string> Lines(ImageResult image);

    /// <summary>What is added to the results of all images.</summary>
    public virtual void Complete(JsonObject result)
    {
    }

    /// <summary>A line of results below all others; null for none.</summary>
    public virtual string? Footing => null;

    /// <summary>What was done.</summary>
    public virtual string Summary(int images, double seconds, int threads) =>
        Text($"{Count(images, "image")} in {seconds:0.000} s: {images / double.Max(seconds, 1e-9):0.0} images/s with decoding, {Count(threads, "thread")}.");

    /// <summary>Writes the results of all images, where there is a folder.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(JsonObject result)
    {
        if (Folder is not null)
        {
            AtomicFile.WriteText(Path.Combine(Folder, ResultFile), JsonOutput.TextOf(result) + "\n");
        }
    }
}
