using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Boxes in one stage: the head of SSD on the maps of a backbone.</summary>
/// <remarks>Outputs: see <see cref="SsdHead"/>. Loss: see <see cref="DetectionLoss"/>. Boxes: see <see cref="DetectionDecoder"/>, which the runtime uses too.</remarks>
public sealed class OneStageDetector : IDetector
{
    private readonly DetectionLossOptions _loss;
    private (DetectionLoss Loss, DetectionDecoder Decoder)? _built;

    /// <summary>Creates the detector.</summary>
    /// <param name="design">Sizes, anchors and the coding of boxes.</param>
    /// <param name="loss">The loss; null takes the defaults.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">There is a level without anchors.</exception>
    public OneStageDetector(DetectorDesign design, DetectionLossOptions? loss = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        _loss = loss ?? new DetectionLossOptions();
        design.ThrowIfUnusable(_loss.Problems());
        Design = design;
    }

    /// <summary>Sizes, anchors and the coding of boxes.</summary>
    public DetectorDesign Design { get; }

    /// <inheritdoc/>
    public DetectorKind Kind => DetectorKind.OneStage;

    /// <summary>Turns the numbers of the head that was built last into boxes.</summary>
    public DetectionDecoder Decoder => Built.Decoder;

    /// <inheritdoc/>
    public TaskHead CreateHead(Backbone backbone, int classes)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var head = new SsdHead(Design, backbone.Description, backbone.Stages, classes);
        _built = (new DetectionLoss([.. head.Anchors], Design.Settings, _loss), head.CreateDecoder());
        return head;
    }

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<Tensor> outputs, DetectionTargets targets, IReadOnlyList<Tensor>? teacher)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        return Built.Loss.Of(outputs[0], outputs[1], targets, teacher);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<BoxCandidate>> Find(IReadOnlyList<Tensor> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        using var scope = NewDisposeScope();
        var (scores, codes, images) = (OutputNumbers.Of(outputs[0]), OutputNumbers.Of(outputs[1]), (int)outputs[0].shape[0]);
        var (scoresPerImage, codesPerImage) = (scores.Length / images, codes.Length / images);
        return [.. Enumerable.Range(0, images).Select(image =>
            Built.Decoder.Decode(scores.AsSpan(image * scoresPerImage, scoresPerImage), codes.AsSpan(image * codesPerImage, codesPerImage)))];
    }

    /// <inheritdoc/>
    public IEnumerable<CostLayer> Cost(NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes) => SsdHead.Cost(Design, network, stages, classes);

    /// <inheritdoc/>
    public JsonObject Describe() => DetectorCatalog.Describe(Kind, Design.ToJson());

    private (DetectionLoss Loss, DetectionDecoder Decoder) Built =>
        _built ?? throw new InvalidOperationException("The detector must have built a head before its outputs can be judged.");
}
