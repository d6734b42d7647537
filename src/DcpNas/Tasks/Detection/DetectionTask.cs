using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Networks;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Boxes around objects, found by one of the detectors.</summary>
/// <remarks>Outputs, loss and boxes: see <see cref="IDetector"/>. Targets: see <see cref="DetectionTargets"/>.</remarks>
public sealed class DetectionTask : ITask
{
    /// <summary>The name that is written to files.</summary>
    public const string TaskName = "detection";

    /// <summary>The metric that selects networks: mean average precision of PASCAL VOC at an overlap of 0.5, by the area below the curve.</summary>
    public const string Map50 = "map50";

    /// <summary>The same with eleven points, as the field's tools compute it.</summary>
    public const string Map50ElevenPoint = "map50_11point";

    /// <summary>Creates the task.</summary>
    /// <param name="classNames">One per class, at least 1.</param>
    /// <param name="detector">Finds the boxes.</param>
    /// <exception cref="InputException">There is no class.</exception>
    public DetectionTask(IReadOnlyList<string> classNames, IDetector detector)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(detector);
        ClassNames = classNames.Count >= 1 ? classNames : throw new InputException("A detector needs at least 1 class, got 0. Use data with objects.");
        Detector = detector;
    }

    /// <summary>Finds the boxes.</summary>
    public IDetector Detector { get; }

    /// <inheritdoc/>
    public string Name => TaskName;

    /// <inheritdoc/>
    public string PrimaryMetric => Map50;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public TaskHead CreateHead(Backbone backbone) => Detector.CreateHead(backbone, ClassNames.Count);

    /// <inheritdoc/>
    public AuxiliaryHead? CreateAuxiliaryHead(Backbone backbone) => null;

    /// <inheritdoc/>
    public Tensor Loss(TaskOutput output, TaskBatch batch, IReadOnlyList<Tensor>? teacher)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Detector.Loss(output.Main, DetectionTargets.Of(batch), teacher);
    }

    /// <inheritdoc/>
    public double TrainingScore(TaskOutput output, TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var evaluator = new DetectionEvaluator(ClassNames, Detector);
        evaluator.Add(output.Main, batch);
        return Math.Max(0, evaluator.Voc().MeanAveragePrecision) * batch.Count;
    }

    /// <inheritdoc/>
    public ITaskEvaluator CreateEvaluator() => new DetectionEvaluator(ClassNames, Detector);

    /// <inheritdoc/>
    public JsonObject Describe() => Detector.Describe();

    /// <inheritdoc/>
    public CostReport Cost(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var body = NetworkCatalog.Cost(network, ClassNames.Count);
        var head = Detector.Cost(network, NetworkCatalog.Stages(network), ClassNames.Count);
        return new CostReport(body.Genotype, body.Geometry, [.. body.Layers.Where(layer => layer.Group != CostGroup.Head), .. head])
        {
            Architecture = body.Architecture,
        };
    }
}
