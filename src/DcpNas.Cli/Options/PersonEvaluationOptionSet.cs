using System.CommandLine;
using DcpNas.Assessment.ReIdentification;
using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Cli.Options;

/// <summary>The options that <c>reid evaluate</c> and <c>reid rank</c> share.</summary>
internal sealed class PersonEvaluationOptionSet
{
    private const string Cosine = "cosine", Euclidean = "euclidean", Mean = "mean", Max = "max";
    private readonly Argument<string> _model = new("model") { Description = "Folder of a training run (its best model), or a checkpoint", HelpName = "CHECKPOINT|RUN" };
    private readonly Option<string?> _dataset = new("--dataset") { Description = $"Data set: {string.Join(", ", PersonDatasetNames.All)} (default: that of the run)", HelpName = "NAME" };
    private readonly Option<string?> _data = new("--data") { Description = "Folder of the data set (default: that of the run, then DCPNAS_DATA, then .data)", HelpName = "DIR" };
    private readonly Option<int?> _split = new("--split") { Description = "Which of the classic splits of CUHK03; 0 to 19 (default: that of the run)", HelpName = "N" };
    private readonly Option<string> _distance = new("--distance") { Description = "How far apart embeddings are (default cosine)", HelpName = $"{Cosine}|{Euclidean}", DefaultValueFactory = _ => Cosine };
    private readonly Option<bool> _rerank = new("--rerank") { Description = "Re-rank by k-reciprocal neighbours (k1 20, k2 6, lambda 0.3)" };
    private readonly Option<string?> _multi = new("--multi-query") { Description = "Pool all images of a query's person and camera, where the data set has more of them", HelpName = $"{Mean}|{Max}" };
    private readonly Option<int> _batch = new("--batch-size") { Description = "Images per batch (default 128)", HelpName = "N", DefaultValueFactory = _ => 128 };
    private readonly Option<string> _device = new("--device") { Description = "cpu, cuda, cuda:N or auto (default cpu)", HelpName = "TEXT", DefaultValueFactory = _ => "cpu" };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads; 0 = all cores (default 0)", HelpName = "N", DefaultValueFactory = _ => 0 };
    private readonly Option<int> _workers = new("--workers") { Description = "Threads that prepare batches; 0 to 64 (default 1)", HelpName = "N", DefaultValueFactory = _ => 1 };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_model);
        foreach (var option in (Option[])[_dataset, _data, _split, _distance, _rerank, _multi, _batch, _device, _threads, _workers])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What a command line asks for.</summary>
    /// <exception cref="InputException">A word is unknown.</exception>
    public PersonEvaluationOptions Read(ParseResult parsed) => new()
    {
        Model = parsed.GetRequiredValue(_model),
        Dataset = parsed.GetValue(_dataset),
        Data = parsed.GetValue(_data),
        Split = parsed.GetValue(_split),
        Distance = One(_distance.Name, parsed.GetRequiredValue(_distance), (Cosine, FeatureDistance.Cosine), (Euclidean, FeatureDistance.SquaredEuclidean)),
        ReRank = parsed.GetValue(_rerank),
        MultiQuery = parsed.GetValue(_multi) is { } pooling ? One(_multi.Name, pooling, (Mean, QueryPooling.Mean), (Max, QueryPooling.Max)) : null,
        BatchSize = parsed.GetValue(_batch),
        Device = parsed.GetRequiredValue(_device),
        Threads = parsed.GetValue(_threads),
        Workers = parsed.GetValue(_workers),
    };

    private static T One<T>(string option, string text, params (string Name, T Value)[] known)
    {
        foreach (var (name, value) in known)
        {
            if (name == text)
            {
                return value;
            }
        }

        var names = known.Select(one => one.Name).ToArray();
        throw new InputException($"{option} must be one of {string.Join(", ", names)}, got '{text}'.{Nearest.Hint(text, names)}");
    }
}
