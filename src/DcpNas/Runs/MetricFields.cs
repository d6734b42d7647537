namespace DcpNas.Runs;

/// <summary>The names of kinds and fields in <c>metrics.jsonl</c>. They reach files and are never renamed.</summary>
public static class MetricFields
{
    /// <summary>The field that every record has: <see cref="Step"/>, <see cref="Epoch"/>, <see cref="Alpha"/> or <see cref="Event"/>.</summary>
    public const string Kind = "kind";

    /// <summary>Kind of a record of one optimiser step; also the field with the global step, counted from 0.</summary>
    public const string Step = "step";

    /// <summary>Kind of a record of one epoch; also the field with the epoch, counted from 0.</summary>
    public const string Epoch = "epoch";

    /// <summary>In a record of an epoch: how many epochs the run will have.</summary>
    public const string Epochs = "epochs";

    /// <summary>Kind of a record of the architecture parameters of one cell kind.</summary>
    public const string Alpha = "alpha";

    /// <summary>Kind of a record of something that happened.</summary>
    public const string Event = "event";

    /// <summary>The round of parent and child phases, counted from 0.</summary>
    public const string Round = "round";

    /// <summary>What was done: parent_weights, parent_alpha, child_weights, child_alpha (steps); warmup, parent, child (epochs).</summary>
    public const string Phase = "phase";

    /// <summary>The loss of a step.</summary>
    public const string Loss = "loss";

    /// <summary>Wall-clock time, in seconds.</summary>
    public const string Seconds = "seconds";

    /// <summary>Processor time over all threads of the process, in seconds; unlike the wall clock it does not grow with what else the machine does.</summary>
    public const string CpuSeconds = "cpu_seconds";

    /// <summary>Whose alpha: parent or child.</summary>
    public const string Network = "network";

    /// <summary>Which cell kind: normal or reduction.</summary>
    public const string Cell = "cell";

    /// <summary>Rows of softmax(alpha), one per edge, one value per operation.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>In a record of an epoch: the genotype that the search would give if it ended here, as text.</summary>
    public const string Genotype = "genotype";

    /// <summary>In a record of an epoch, and as a section of <c>genotype.json</c>: how clearly alpha prefers that genotype, edge by edge.</summary>
    public const string Decision = "decision";

    /// <summary>info or warning.</summary>
    public const string Severity = "severity";

    /// <summary>What happened, in one word: collapse, rollback, budget, undecided, resume, finished.</summary>
    public const string Name = "name";

    /// <summary>What happened, in a sentence.</summary>
    public const string Text = "text";

    /// <summary>The name of the event that a run writes last, when it has done all it was asked to.</summary>
    public const string FinishedEvent = "finished";

    /// <summary>The name of the event that a search writes at its end where alpha has not decided.</summary>
    public const string UndecidedEvent = "undecided";

    /// <summary>The name of events about a limit (time, operations, memory) and what was done at it.</summary>
    public const string BudgetEvent = "budget";
}
