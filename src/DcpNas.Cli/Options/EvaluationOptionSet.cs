using System.CommandLine;
using DcpNas.Assessment;

namespace DcpNas.Cli.Options;

/// <summary>The options that <c>evaluate</c> and <c>features</c> share.</summary>
internal sealed class EvaluationOptionSet
{
    private static readonly EvaluationOptions Defaults = new() { Model = "" };
    private readonly AssessmentOptionSet _common = new(Defaults);
    private readonly Option<string> _split = AssessmentOptionSet.Split(Defaults);
    private readonly Option<int?> _images = AssessmentOptionSet.Images(Defaults);
    private readonly Option<int> _workers = AssessmentOptionSet.Workers(Defaults);

    /// <summary>Those that a packed model has no use for.</summary>
    public IEnumerable<Option> OfCheckpoints => [_split, _workers, .. _common.OfCheckpoints];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command) => _common.AddTo(command, _split, _images, _workers);

    /// <summary>What a command line asks for.</summary>
    public EvaluationOptions Read(ParseResult parsed) => _common.Read(parsed, new EvaluationOptions
    {
        Model = _common.Model(parsed),
        Split = parsed.GetRequiredValue(_split),
        Images = parsed.GetValue(_images),
        Workers = parsed.GetValue(_workers),
    });
}
