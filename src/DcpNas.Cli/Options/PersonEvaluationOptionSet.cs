using System.CommandLine;
using DcpNas.Assessment.ReIdentification;
using DcpNas.Data.ReIdentification;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Cli.Options;

/// <summary>The options that <c>reid evaluate</c> and <c>reid rank</c> share.</summary>
internal sealed class PersonEvaluationOptionSet
{
    private const string Cosine = "cosine", Euclidean = "euclidean", Mean = "mean", Max = "max";
    private readonly AssessmentOptionSet _common = new(PersonDatasetNames.All, 128);
    private readonly Option<int> _workers = AssessmentOptionSet.Workers();
    private readonly Option<int?> _split = WholeNumber.Optional<int>("--split", "Which of the classic splits of CUHK03; 0 to 19 (default: that of the run)");
    private readonly Option<string> _distance = new("--distance") { Description = "How far apart embeddings are (default cosine)", HelpName = $"{Cosine}|{Euclidean}", DefaultValueFactory = _ => Cosine };
    private readonly Option<bool> _rerank = new("--rerank") { Description = "Re-rank by k-reciprocal neighbours (k1 20, k2 6, lambda 0.3)" };
    private readonly Option<string?> _multi = new("--multi-query") { Description = "Pool all images of a query's person and camera, where the data set has more of them", HelpName = $"{Mean}|{Max}" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command) => _common.AddTo(command, _split, _distance, _rerank, _multi, _workers);

    /// <summary>What a command line asks for.</summary>
    /// <exception cref="InputException">A word is unknown.</exception>
    public PersonEvaluationOptions Read(ParseResult parsed) => _common.Read(parsed, new PersonEvaluationOptions
    {
        Model = _common.Model(parsed),
        Split = parsed.GetValue(_split),
        Distance = One(_distance.Name, parsed.GetRequiredValue(_distance), (Cosine, FeatureDistance.Cosine), (Euclidean, FeatureDistance.SquaredEuclidean)),
        ReRank = parsed.GetValue(_rerank),
        MultiQuery = parsed.GetValue(_multi) is { } pooling ? One(_multi.Name, pooling, (Mean, QueryPooling.Mean), (Max, QueryPooling.Max)) : null,
        Workers = parsed.GetValue(_workers),
    });

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
