using System.CommandLine;
using DcpNas.Assessment;

namespace DcpNas.Cli.Options;

/// <summary>The options that every command has which runs a trained network over images.</summary>
/// <param name="datasets">Names of the data sets of the task.</param>
/// <param name="batchSize">Images per batch where the command line is silent.</param>
internal sealed class AssessmentOptionSet(IEnumerable<string> datasets, int batchSize)
{
    private readonly Argument<string> _model = new("model") { Description = "Folder of a training run (its best model), or a checkpoint", HelpName = "CHECKPOINT|RUN" };
    private readonly Option<string?> _dataset = new("--dataset") { Description = $"Data set: {string.Join(", ", datasets)} (default: that of the run)", HelpName = "NAME" };
    private readonly Option<string?> _data = new("--data") { Description = "Folder of the data set, laid out as docs/datasets.md says (default: that of the run, then DCPNAS_DATA, then .data)", HelpName = "DIR" };
    private readonly Option<int> _batch = WholeNumber.Option("--batch-size", $"Images per batch (default {batchSize})", batchSize);
    private readonly Option<string> _device = new("--device") { Description = "cpu, cuda, cuda:N or auto (default cpu)", HelpName = "TEXT", DefaultValueFactory = _ => "cpu" };
    private readonly Option<int> _threads = WholeNumber.Option("--threads", "Threads; 0 = all cores (default 0)", 0);

    /// <summary>The option --split of tasks that hold images out.</summary>
    public static Option<string> Split() => new("--split")
    {
        Description = "test, or valid: what the training held out to select its network (default test)",
        HelpName = $"{AssessmentOptions.Test}|{AssessmentOptions.Valid}",
        DefaultValueFactory = _ => AssessmentOptions.Test,
    };

    /// <summary>The option --images.</summary>
    /// <param name="which">Which images are used then.</param>
    public static Option<int?> Images(string which) => WholeNumber.Optional<int>("--images", $"Images to use, {which} (default: as the run, which is all)");

    /// <summary>The option --workers.</summary>
    public static Option<int> Workers() => WholeNumber.Option("--workers", "Threads that prepare batches; 0 to 64 (default 1)", 1);

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="own">Options of the task, which the help lists between the data and the machine.</param>
    public void AddTo(Command command, params Option[] own)
    {
        command.Arguments.Add(_model);
        foreach (var option in (Option[])[_dataset, _data, .. own, _batch, _device, _threads])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The model that a command line names.</summary>
    public string Model(ParseResult parsed) => parsed.GetRequiredValue(_model);

    /// <summary>Options of a task with what a command line says.</summary>
    public T Read<T>(ParseResult parsed, T options)
        where T : AssessmentOptions => options with
        {
            Model = Model(parsed),
            Dataset = parsed.GetValue(_dataset),
            Data = parsed.GetValue(_data),
            BatchSize = parsed.GetValue(_batch),
            Device = parsed.GetRequiredValue(_device),
            Threads = parsed.GetValue(_threads),
        };
}
