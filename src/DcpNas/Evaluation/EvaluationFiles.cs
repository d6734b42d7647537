using DcpNas.Runs;
using DcpNas.Tasks;

namespace DcpNas.Evaluation;

/// <summary>The names of the files that an evaluation writes.</summary>
/// <remarks>
/// Plain names are those of the best model on its run's own data, all images of the split <c>test</c>. Whatever differs stands in the name, so that one evaluation does not
/// replace another: <c>evaluation-valid-folder-step1-7-images.json</c> is that of the split valid of the data set folder by step1.safetensors, on 7 images.
/// </remarks>
public sealed record EvaluationFiles
{
    /// <summary>What every JSON file of an evaluation says, by which it is known as one.</summary>
    private static readonly string[] Keys = ["model", "dataset"];

    /// <summary>What was evaluated: a checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>test or valid.</summary>
    public required string Split { get; init; }

    /// <summary>The name of the data set, where it is not that of the run; null where it is, or where there is no run.</summary>
    public string? OtherDataset { get; init; }

    /// <summary>Images, where they are not all that the run would use; null where they are.</summary>
    public int? OtherImages { get; init; }

    /// <summary>Says before the first image what is in the way of the files that an evaluation is to write.</summary>
    /// <param name="model">The checkpoint that is read.</param>
    /// <param name="record">The JSON file, by which the others are known: it is to be written first.</param>
    /// <param name="others">The others, in the same folder.</param>
    /// <exception cref="InputException">One of them is the checkpoint or a file that somebody else has made, or the folder cannot be written to.</exception>
    internal static void Claim(string model, string record, params string[] others)
    {
        string[] files = [record, .. others];
        OutputGuard.Files(files, [model]);
        OutputGuard.Foreign(files, record, Keys);
        WriteProbe.Folder(Path.GetDirectoryName(record)!);
    }

    /// <summary>A name with what distinguishes the evaluation.</summary>
    /// <param name="name">The plain name, without extension: <c>evaluation</c>.</param>
    /// <param name="extension">With its dot.</param>
    public string Name(string name, string extension)
    {
        var model = Path.GetFileName(Model);
        return string.Join('-', (IEnumerable<string>)
        [
            name,
            .. Split == SplitNames.Test ? (string[])[] : [Split],
            .. OtherDataset is null ? (string[])[] : [OtherDataset],
            .. model == RunFiles.BestModel ? (string[])[] : [Path.GetFileNameWithoutExtension(model)],
            .. OtherImages is null ? (string[])[] : [$"{OtherImages}", "images"],
        ]) + extension;
    }
}
