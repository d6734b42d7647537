using System.CommandLine;
using DcpNas.Assessment;
using DcpNas.Data;

namespace DcpNas.Cli.Options;

/// <summary>The options that <c>evaluate</c> and <c>features</c> share.</summary>
internal sealed class EvaluationOptionSet
{
    private readonly Argument<string> _model = new("model") { Description = "Folder of a training run (its best model), or a checkpoint", HelpName = "CHECKPOINT|RUN" };
    private readonly Option<string?> _dataset = new("--dataset") { Description = $"Data set: {string.Join(", ", DatasetNames.All)} (default: that of the run)", HelpName = "NAME" };
    private readonly Option<string?> _data = new("--data") { Description = "Folder of the data set (default: that of the run, then DCPNAS_DATA, then .data)", HelpName = "DIR" };
    private readonly Option<string> _split = new("--split")
    {
        Description = "test, or valid: what the training held out to select its network (default test)",
        HelpName = "test|valid",
        DefaultValueFactory = _ => EvaluationOptions.Test,
    };

    private readonly Option<int?> _images = new("--images") { Description = "Images to use, the same share of every class (default: as the run, which is all)", HelpName = "N" };
    private readonly Option<int> _batch = new("--batch-size") { Description = "Images per batch (default 128)", HelpName = "N", DefaultValueFactory = _ => 128 };
    private readonly Option<string> _device = new("--device") { Description = "cpu, cuda, cuda:N or auto (default cpu)", HelpName = "TEXT", DefaultValueFactory = _ => "cpu" };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads of libtorch; 0 = all cores (default 0)", HelpName = "N", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _workers = new("--workers") { Description = "Threads that prepare batches; 0 to 64 (default 1)", HelpName = "N", DefaultValueFactory = _ => 1 };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_model);
        foreach (var option in (Option[])[_dataset, _data, _split, _images, _batch, _device, _threads, _workers])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What a command line asks for.</summary>
    public EvaluationOptions Read(ParseResult parsed) => new()
    {
        Model = parsed.GetRequiredValue(_model),
        Dataset = parsed.GetValue(_dataset),
        Data = parsed.GetValue(_data),
        Split = parsed.GetRequiredValue(_split),
        Images = parsed.GetValue(_images),
        BatchSize = parsed.GetValue(_batch),
        Device = parsed.GetRequiredValue(_device),
        Threads = parsed.GetValue(_threads),
        Workers = parsed.GetValue(_workers),
    };
}
