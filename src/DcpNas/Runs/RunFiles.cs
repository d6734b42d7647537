namespace DcpNas.Runs;

/// <summary>The names of the files in a run folder.</summary>
public static class RunFiles
{
    // Without IgnoreInaccessible = false .NET would pass over what it may not read, in silence.
    private static readonly EnumerationOptions NoLinks = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>The resolved options, as JSON.</summary>
    public const string Options = "options.json";

    /// <summary>The command of the newest session; run again in the same folder, it resumes.</summary>
    public const string Command = "command.txt";

    /// <summary>Versions, machine and start time of every session.</summary>
    public const string Environment = "environment.json";

    /// <summary>The log: one JSON object a line.</summary>
    public const string Metrics = "metrics.jsonl";

    /// <summary>The newest checkpoint.</summary>
    public const string Checkpoint = "checkpoint.safetensors";

    /// <summary>The trained network that did best on validation images.</summary>
    public const string BestModel = "best.safetensors";

    /// <summary>The trained network after the last epoch.</summary>
    public const string LastModel = "last.safetensors";

    /// <summary>The network with binary activations and real weights that step 2 started from.</summary>
    public const string Step1Model = "step1.safetensors";

    /// <summary>The best real-valued counterpart, where the run trained its teacher.</summary>
    public const string TeacherModel = "teacher.safetensors";

    /// <summary>What a training came to: data, seeds, metrics, cost.</summary>
    public const string Results = "results.json";

    /// <summary>
    /// Some images and what the network makes of them. A classifier: <c>{"samples":[{"png","label","predicted","confidence"}]}</c>; any other task:
    /// <c>{"note","groups":[{"heading","images":[{"png","caption","good"}]}]}</c>, where <c>good</c> colours the caption.
    /// </summary>
    public const string Samples = "samples.json";

    /// <summary>The found architecture.</summary>
    public const string Genotype = "genotype.json";

    /// <summary>The genotypes that a search has scored with its shared weights, the best first: <c>{"rows":[{"genotype","top1","loss"}]}</c>.</summary>
    public const string Scored = "scored.json";

    /// <summary>Costs: <c>{"rows":[{"name","value","unit","note"}]}</c>.</summary>
    public const string Cost = "cost.json";

    /// <summary>What a search says of random networks that were trained: scores, rank correlations, the place of the found one.</summary>
    public const string Rank = "rank.json";

    /// <summary>The report.</summary>
    public const string Report = "report.html";

    /// <summary>The measures of each epoch as a table.</summary>
    public const string EpochTable = "epochs.csv";

    /// <summary>softmax(alpha) over time as a table.</summary>
    public const string AlphaTable = "alpha.csv";

    /// <summary>Folder, inside that of a search, of the training of the network that it found.</summary>
    public const string TrainFolder = "train";

    /// <summary>Folder, inside that of a search, of brief trainings that chose among candidates of its alpha.</summary>
    public const string SelectionFolder = "selection";

    /// <summary>The result of a selection: <c>{"epochs","validation_images","selected","rows":[...]}</c>.</summary>
    public const string Selection = "selection.json";

    /// <summary>The folder of TensorBoard events.</summary>
    public const string Events = "events";

    /// <summary>A drawing of the normal cell.</summary>
    public const string NormalCell = "normal.svg";

    /// <summary>A drawing of the reduction cell.</summary>
    public const string ReductionCell = "reduction.svg";

    /// <summary>Locked by the process that writes into the folder; always empty.</summary>
    public const string Lock = "run.lock";

    /// <summary>Which process that is; there only while it writes, or after a kill.</summary>
    public const string Holder = "run.holder.json";

    /// <summary>The files that cannot be made again from the others of a run: no command but its own writes them.</summary>
    internal static IReadOnlyList<string> Kept { get; } =
    [
        Options, Command, Environment, Metrics, Checkpoint, System.IO.Path.GetFileName(Runs.Checkpoint.PreviousPath(Checkpoint)), BestModel, LastModel, Step1Model, TeacherModel, Results, Samples, Genotype, Lock, Holder,
    ];

    /// <summary>All files of a folder and of those below it; links are left out, which may lead in circles.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="closed">Is given the folders that cannot be read.</param>
    internal static IEnumerable<FileInfo> Below(string folder, ICollection<string> closed)
    {
        var folders = new Queue<string>([folder]);
        while (folders.TryDequeue(out var next))
        {
            if (!ReadableFolder.Is(next, closed))
            {
                continue;
            }

            foreach (var file in new DirectoryInfo(next).EnumerateFiles("*", NoLinks))
            {
                yield return file;
            }

            foreach (var inner in Directory.EnumerateDirectories(next, "*", NoLinks))
            {
                folders.Enqueue(inner);
            }
        }
    }
}
