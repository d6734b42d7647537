using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Faster R-CNN on the maps of a backbone: the field's baseline.</summary>
/// <remarks>Outputs: see <see cref="FasterRcnnHead"/>. Loss: see <see cref="FasterRcnnLoss"/>. It learns from no teacher, whose regions would be other ones.</remarks>
public sealed class FasterRcnnDetector : IDetector
{
    private readonly FasterRcnnLossOptions _loss;
    private (FasterRcnnLoss Loss, RegionDecoder Decoder)? _built;

    /// <summary>Creates the detector.</summary>
    /// <param name="design">Sizes, anchors and the coding of boxes.</param>
    /// <param name="loss">The loss; null takes the defaults.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">There is a level without anchors.</exception>
    public FasterRcnnDetector(FasterRcnnDesign design, FasterRcnnLossOptions? loss = null)
    {
        ArgumentNullException.ThrowIfNull(design);
        _loss = loss ?? new FasterRcnnLossOptions();
        design.Pyramid.ThrowIfUnusable([.. design.OwnProblems(), .. _loss.Problems()]);
        Design = design;
    }

    /// <summary>Sizes, anchors and the coding of boxes.</summary>
    public FasterRcnnDesign Design { get; }

    /// <inheritdoc/>
    public DetectorKind Kind => DetectorKind.FasterRcnn;

    /// <inheritdoc/>
    public TaskHead CreateHead(Backbone backbone, int classes)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var head = new FasterRcnnHead(Design, _loss, backbone.Description, backbone.Stages, classes);
        _built = (new FasterRcnnLoss(head.Anchors, Design.Pyramid.Settings, _loss), new RegionDecoder(classes, Design.Pyramid.Settings));
        return head;
    }

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<Tensor> outputs, DetectionTargets targets, IReadOnlyList<Tensor>? teacher)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        return teacher is null ? Built.Loss.Of(outputs, targets) : throw new ArgumentException("Faster R-CNN learns from no teacher.", nameof(teacher));
    }

    /// <summary>The boxes of each image of a batch, by falling score; regions that are objects themselves are no finds.</summary>
    /// <param name="outputs">Of the head, in any mode.</param>
    public IReadOnlyList<IReadOnlyList<BoxCandidate>> Find(IReadOnlyList<Tensor> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        using var scope = NewDisposeScope();
        var regions = Region.Of(outputs[2]);
        var ofImage = Enumerable.Range(0, regions.Count).Where(index => !regions[index].IsObject).ToLookup(index => regions[index].Image);
        var (shares, codes) = (OutputNumbers.InDouble(outputs[3].detach().to(ScalarType.Float64).softmax(1)), OutputNumbers.Of(outputs[4]));
        var (shareWidth, codeWidth) = ((int)outputs[3].shape[1], 4 * (int)outputs[4].shape[1]);
        return [.. Enumerable.Range(0, (int)outputs[0].shape[0]).Select(image =>
        {
            int[] indices = [.. ofImage[image]];
            return Built.Decoder.Decode(
                [.. indices.Select(index => regions[index].Box)],
                [.. indices.SelectMany(index => shares[(index * shareWidth)..((index + 1) * shareWidth)])],
                [.. indices.SelectMany(index => codes[(index * codeWidth)..((index + 1) * codeWidth)])]);
        })];
    }

    /// <inheritdoc/>
    public IEnumerable<CostLayer> Cost(NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes) => FasterRcnnHead.Cost(Design, network, stages, classes);

    /// <inheritdoc/>
    public JsonObject Describe() => DetectorCatalog.Describe(Kind, Design.ToJson());

    private (FasterRcnnLoss Loss, RegionDecoder Decoder) Built =>
        _built ?? throw new InvalidOperationException("The detector must have built a head before its outputs can be judged.");
}
