using System.CommandLine;
using DcpNas.Assessment;
using DcpNas.Tasks;

namespace DcpNas.Cli.Options;

/// <summary>The options that every command has which runs a trained network over images.</summary>
/// <param name="defaults">The options of the task where the command line is silent.</param>
internal sealed class AssessmentOptionSet(AssessmentOptions defaults)
{
    private readonly Argument<string> _model = new("model") { Description = OptionText.Of(defaults, nameof(AssessmentOptions.Model)), HelpName = "CHECKPOINT|RUN|MODEL|NAME" };
    private readonly Option<string?> _dataset = new("--dataset") { Description = OptionText.Of(defaults, nameof(AssessmentOptions.Dataset)), HelpName = "NAME" };
    private readonly Option<string?> _data = new("--data") { Description = OptionText.Of(defaults, nameof(AssessmentOptions.Data)), HelpName = "DIR" };
    private readonly Option<int> _batch = WholeNumber.Option("--batch-size", OptionText.Of(defaults, nameof(AssessmentOptions.BatchSize)), defaults.BatchSize);
    private readonly Option<string> _device = new("--device") { Description = OptionText.Of(defaults, nameof(AssessmentOptions.Device)), HelpName = "TEXT", DefaultValueFactory = _ => defaults.Device };
    private readonly Option<int> _threads = WholeNumber.Option("--threads", OptionText.Of(defaults, nameof(AssessmentOptions.Threads)), defaults.Threads);

    /// <summary>The option --split of tasks that hold images out.</summary>
    /// <param name="defaults">The options of the task.</param>
    public static Option<string> Split(AssessmentOptions defaults) => new("--split")
    {
        Description = OptionText.Of(defaults, nameof(EvaluationOptions.Split)),
        HelpName = $"{SplitNames.Test}|{SplitNames.Valid}",
        DefaultValueFactory = _ => SplitNames.Test,
    };

    /// <summary>The option --images.</summary>
    /// <param name="defaults">The options of the task.</param>
    public static Option<int?> Images(AssessmentOptions defaults) => WholeNumber.Optional<int>("--images", OptionText.Of(defaults, nameof(EvaluationOptions.Images)));

    /// <summary>The option --workers.</summary>
    /// <param name="defaults">The options of the task.</param>
    public static Option<int> Workers(AssessmentOptions defaults) => WholeNumber.Option("--workers", OptionText.Of(defaults, nameof(EvaluationOptions.Workers)), 1);

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

    /// <summary>Those that a packed model has no use for.</summary>
    public IEnumerable<Option> OfCheckpoints => [_batch, _device];

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
