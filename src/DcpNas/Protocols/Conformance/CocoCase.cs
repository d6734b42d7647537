using DcpNas.Protocols.Detection;
using DcpNas.Protocols.Reference;

namespace DcpNas.Protocols.Conformance;

/// <summary>Annotations and results in COCO's own formats.</summary>
internal sealed record CocoCase(CocoAnnotationsRecord Annotations, CocoResultRecord[] Results) : IProtocolCase
{
    /// <inheritdoc/>
    string IProtocolCase.Protocol => "coco";

    /// <inheritdoc/>
    IReadOnlyList<string>? IProtocolCase.MeasureNames => ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"];

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Evaluate(string source) => CocoEvaluator.Evaluate(Truths(source), Claims(source)).Values();

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> EvaluateByReference(string source)
    {
        var truths = Truths(source);
        return ReferenceCoco.Evaluate([.. truths.Images.Select(image => image.Id)], [.. truths.Categories.Select(category => category.Id)], truths.Objects, Claims(source));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes(string source) => Truths(source).Notes;

    private CocoAnnotations Truths(string source) => CocoAnnotations.From(Annotations, source);

    private IReadOnlyList<DetectionBox> Claims(string source) => CocoResults.From(Results, source, "coco.results");
}
