using DcpNas.Tasks;

namespace DcpNas.Evaluation;

/// <summary>Which trained network is to be run over which images, whatever its task. Immutable.</summary>
public abstract record EvaluationOptions
{
    /// <summary>The folder of a training run, or a checkpoint.</summary>
    [Option("Folder of a training run (its best model), or a checkpoint")]
    public string Model { get; init; } = "";

    /// <summary>A name of a data set of the task; null: that of the run that the checkpoint lies in.</summary>
    [Option("Data set", None = "that of the run")]
    public string? Dataset { get; init; }

    /// <summary>Folder of the data set; null: that of the run, then environment variable DCPNAS_DATA, then .data.</summary>
    [Option("Folder of the data set, laid out as docs/datasets.md says", None = "that of the run, then DCPNAS_DATA, then .data")]
    public string? Data { get; init; }

    /// <summary>Images per batch; changes no result but by rounding. Detectors have a default of their own.</summary>
    [Option("Images per batch", Min = 1)]
    public int BatchSize { get; init; } = 128;

    /// <summary>Where the network is.</summary>
    [Option("cpu, cuda, cuda:N or auto")]
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch and of evaluators; 0 = all cores.</summary>
    [Option("Threads", Min = 0, Note = "0 = all cores")]
    public int Threads { get; init; }

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this), .. TaskProblems()];

    /// <summary>What is wrong with the options of the task, taken together.</summary>
    protected abstract IEnumerable<string> TaskProblems();

    /// <summary>What is wrong with the name of a split.</summary>
    private protected static IEnumerable<string> SplitProblem(string split) =>
        OptionRules.Check(split is SplitNames.Test or SplitNames.Valid, $"split must be {SplitNames.Test} or {SplitNames.Valid}, got '{split}'.");
}
