using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Boxes around objects, in one stage: the head of SSD on the maps of a backbone.</summary>
/// <remarks>Outputs: see <see cref="SsdHead"/>. Targets: see <see cref="DetectionTargets"/>. Loss: see <see cref="DetectionLoss"/>.</remarks>
public sealed class DetectionTask : ITask
{
    /// <summary>The name that is written to files.</summary>
    public const string TaskName = "detection";

    /// <summary>The metric that selects networks: mean average precision of PASCAL VOC at an overlap of 0.5, by the area below the curve.</summary>
    public const string Map50 = "map50";

    private readonly DetectionLossOptions _loss;
    private (NetworkDescription Network, DetectionLoss Loss, DetectionDecoder Decoder)? _built;

    /// <summary>Creates the task.</summary>
    /// <param name="classNames">One per class, at least 1.</param>
    /// <param name="design">Sizes, anchors and the coding of boxes.</param>
    /// <param name="loss">The loss; null takes the defaults.</param>
    /// <exception cref="OptionsException">Options are out of range.</exception>
    /// <exception cref="InputException">There is no class, or a level without anchors.</exception>
    public DetectionTask(IReadOnlyList<string> classNames, DetectorDesign design, DetectionLossOptions? loss = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(design);
        _loss = loss ?? new DetectionLossOptions();
        if (design.Problems().Concat(_loss.Problems()).ToList() is { Count: > 0 } problems)
        {
            throw new OptionsException("detection options", problems);
        }

        ClassNames = classNames.Count >= 1 ? classNames : throw new InputException("A detector needs at least 1 class, got 0. Use data with objects.");
        Design = design.Anchors.Count == design.Levels && design.Anchors.All(level => level.Count > 0)
            ? design
            : throw new InputException($"A detector needs anchors for each of its {design.Levels} levels, got {design.Anchors.Count}. Give some to every level.");
    }

    /// <summary>Sizes, anchors and the coding of boxes.</summary>
    public DetectorDesign Design { get; }

    /// <inheritdoc/>
    public string Name => TaskName;

    /// <inheritdoc/>
    public string PrimaryMetric => Map50;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>All anchors of a head.</summary>
    public static IReadOnlyList<Anchor> AnchorsOf(SsdHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return [.. head.Maps.Zip(head.Design.Anchors).SelectMany(level => Anchor.OfMap(level.First.Height, level.First.Width, level.Second))];
    }

    /// <inheritdoc/>
    public TaskHead CreateHead(Backbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var head = new SsdHead(Design, backbone.Description, backbone.Stages, ClassNames.Count);
        var anchors = AnchorsOf(head);
        _built = (backbone.Description, new DetectionLoss(anchors, Design.Settings, _loss), new DetectionDecoder(anchors, ClassNames.Count, Design.Settings));
        return head;
    }

    /// <inheritdoc/>
    public AuxiliaryHead? CreateAuxiliaryHead(Backbone backbone) => null;

    /// <inheritdoc/>
    public Tensor Loss(TaskOutput output, TaskBatch batch, IReadOnlyList<Tensor>? teacher)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Built.Loss.Of(output.Main[0], output.Main[1], DetectionTargets.Of(batch), teacher);
    }

    /// <inheritdoc/>
    public double TrainingScore(TaskOutput output, TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var evaluator = new DetectionEvaluator(ClassNames, Built.Decoder);
        evaluator.Add(output.Main, batch);
        return Math.Max(0, evaluator.Voc().MeanAveragePrecision) * batch.Count;
    }

    /// <inheritdoc/>
    public ITaskEvaluator CreateEvaluator() => new DetectionEvaluator(ClassNames, Built.Decoder);

    /// <summary>Turns outputs of the heads that this task has built into boxes.</summary>
    public DetectionDecoder Decoder => Built.Decoder;

    /// <inheritdoc/>
    public JsonObject Describe() => Design.ToJson();

    /// <inheritdoc/>
    public CostReport Cost(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        using var backbone = NetworkCatalog.Create(network);
        var body = NetworkCatalog.Cost(network, ClassNames.Count);
        return new CostReport(body.Genotype, body.Geometry, [.. body.Layers.Where(layer => layer.Group != CostGroup.Head), .. SsdHead.Cost(Design, network, backbone.Stages, ClassNames.Count)])
        {
            Architecture = body.Architecture,
        };
    }

    private (NetworkDescription Network, DetectionLoss Loss, DetectionDecoder Decoder) Built =>
        _built ?? throw new InvalidOperationException("The task must have built a head before its outputs can be judged.");
}
