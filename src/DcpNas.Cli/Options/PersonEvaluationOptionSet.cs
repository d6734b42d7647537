using System.CommandLine;
using DcpNas.Assessment.ReIdentification;
using DcpNas.Protocols.ReIdentification;

namespace DcpNas.Cli.Options;

/// <summary>The options that <c>reid evaluate</c> and <c>reid rank</c> share.</summary>
internal sealed class PersonEvaluationOptionSet
{
    private const string Cosine = "cosine", Euclidean = "euclidean", Mean = "mean", Max = "max";
    private static readonly PersonEvaluationOptions Defaults = new() { Model = "" };
    private readonly AssessmentOptionSet _common = new(Defaults);
    private readonly Option<int> _workers = AssessmentOptionSet.Workers(Defaults);
    private readonly Option<int?> _split = WholeNumber.Optional<int>("--split", OptionText.Of(Defaults, nameof(PersonEvaluationOptions.Split)));
    private readonly Option<string> _distance = new("--distance") { Description = OptionText.Of(Defaults, nameof(PersonEvaluationOptions.Distance)), HelpName = $"{Cosine}|{Euclidean}", DefaultValueFactory = _ => Cosine };
    private readonly Option<bool> _rerank = new("--rerank") { Description = OptionText.Of(Defaults, nameof(PersonEvaluationOptions.ReRank)) };
    private readonly Option<string?> _multi = new("--multi-query") { Description = OptionText.Of(Defaults, nameof(PersonEvaluationOptions.MultiQuery)), HelpName = $"{Mean}|{Max}" };

    /// <summary>The option --distractors of the command that measures.</summary>
    public static Option<string?> Distractors() => new("--distractors") { Description = OptionText.Of(Defaults, nameof(PersonEvaluationOptions.Distractors)), HelpName = "DIR" };

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
