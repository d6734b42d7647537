using System.CommandLine;
using DcpNas.Assessment;
using DcpNas.Data;

namespace DcpNas.Cli.Options;

/// <summary>The options that <c>evaluate</c> and <c>features</c> share.</summary>
internal sealed class EvaluationOptionSet
{
    private readonly AssessmentOptionSet _common = new(DatasetNames.All, 128);
    private readonly Option<string> _split = AssessmentOptionSet.Split();
    private readonly Option<int?> _images = AssessmentOptionSet.Images("the same share of every class");
    private readonly Option<int> _workers = AssessmentOptionSet.Workers();

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
