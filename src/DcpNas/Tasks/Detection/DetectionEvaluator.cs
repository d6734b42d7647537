using System.Text.Json.Nodes;
using DcpNas.Data.Detection;
using DcpNas.Protocols.Detection;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>Evaluates a detector by the protocols of PASCAL VOC and COCO.</summary>
/// <remarks>Boxes are scaled to the images that their objects are measured in. Images are numbered as in their data set, classes from 0.</remarks>
public sealed class DetectionEvaluator : ITaskEvaluator
{
    private readonly IReadOnlyList<string> _classNames;
    private readonly IDetector? _detector;
    private readonly List<long> _images = [];
    private readonly List<GroundTruthBox> _objects = []; // for PASCAL VOC: what lies in the image
    private readonly List<GroundTruthBox> _annotated = []; // for COCO: what the annotations say
    private readonly List<DetectionBox> _detections = [];

    /// <summary>Starts an evaluation.</summary>
    /// <param name="classNames">The classes.</param>
    /// <param name="detector">Turns outputs into boxes.</param>
    public DetectionEvaluator(IReadOnlyList<string> classNames, IDetector detector) => (_classNames, _detector) = (classNames, detector);

    /// <summary>Starts an evaluation of boxes that are found elsewhere.</summary>
    /// <param name="classNames">The classes.</param>
    public DetectionEvaluator(IReadOnlyList<string> classNames) => _classNames = classNames;

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<DetectionBox> Detections => _detections;

    /// <inheritdoc/>
    public void Add(IReadOnlyList<Tensor> outputs, TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var targets = DetectionTargets.Of(batch);
        foreach (var output in outputs)
        {
            ThrowIfNotFinite(output);
        }

        var found = (_detector ?? throw new InvalidOperationException("Outputs need a detector that turns them into boxes.")).Find(outputs);
        for (var image = 0; image < targets.Objects.Count; image++)
        {
            var (number, (width, height)) = (targets.Indices[image], targets.Sizes[image]);
            Add(number, targets.Objects[image], found[image].Select(box => new DetectionBox(number, box.Class, new BoundingBox(box.Left * width, box.Top * height, box.Right * width, box.Bottom * height), box.Score)));
        }
    }

    /// <summary>Takes in an image and what was found in it.</summary>
    /// <param name="image">Its number in the data set.</param>
    /// <param name="objects">What is in it.</param>
    /// <param name="found">Boxes in its pixels.</param>
    public void Add(long image, IReadOnlyList<LabelledBox> objects, IEnumerable<DetectionBox> found)
    {
        ArgumentNullException.ThrowIfNull(objects);
        _images.Add(image);
        _objects.AddRange(objects.Select(one => ToTruth(image, one)));
        _annotated.AddRange(objects.Select(one => ToTruth(image, one) with { Box = OutlineOf(one), Area = one.Area, HasIdZero = one.Annotated is { IsZero: true } }));
        _detections.AddRange(found);
    }

    /// <summary>The measures of PASCAL VOC.</summary>
    /// <param name="interpolation">What becomes of the curve.</param>
    public VocMetrics Voc(VocInterpolation interpolation = VocInterpolation.Area) => VocEvaluator.Evaluate(_objects, _detections, new VocOptions { Interpolation = interpolation });

    /// <summary>What is wrong by the protocol of PASCAL VOC.</summary>
    public VocMistakes Mistakes() => VocMistakes.Of(_objects, _detections);

    /// <summary>The twelve numbers of COCO.</summary>
    public CocoMetrics Coco() => CocoEvaluator.Evaluate(_images, [.. Enumerable.Range(0, _classNames.Count).Select(number => (long)number)], _annotated, _detections);

    /// <inheritdoc/>
    public TaskEvaluation Evaluate()
    {
        if (_images.Count == 0)
        {
            throw new InvalidOperationException("At least one image must be taken in before it can be judged.");
        }

        var (area, eleven, coco) = (Voc(), Voc(VocInterpolation.ElevenPoint), Coco());
        return new TaskEvaluation(
            _images.Count,
            new Dictionary<string, double>
            {
                [DetectionTask.Map50] = area.MeanAveragePrecision, // -1 where no object is demanded
                [DetectionTask.Map50ElevenPoint] = eleven.MeanAveragePrecision,
                ["coco_ap"] = coco.AveragePrecision,
            },
            new JsonObject
            {
                ["coco"] = new JsonObject(coco.Values().Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                ["per_class"] = new JsonArray([.. area.Categories.Where(category => category.Category < _classNames.Count).Select(category => (JsonNode)new JsonObject
                {
                    ["class"] = _classNames[(int)category.Category],
                    ["objects"] = category.Objects,
                    ["detections"] = category.Detections,
                    ["ap50"] = category.AveragePrecision,
                })]),
                ["objects"] = _objects.Count(one => one is { Difficult: false, Crowd: false }),
                ["detections"] = _detections.Count,
            });
    }

    private void ThrowIfNotFinite(Tensor output)
    {
        var numbers = OutputNumbers.Of(output);
        if (Array.FindIndex(numbers, number => !float.IsFinite(number)) is >= 0 and var bad)
        {
            throw new NotFiniteException(
                $"The network's output {bad} of the batch after image {_images.Count} is {numbers[bad]}: it must be finite.");
        }
    }

    private static BoundingBox OutlineOf(LabelledBox one) => one.Annotated is { } box
        ? BoundingBox.FromCorner(box.X, box.Y, box.Width, box.Height)
        : new BoundingBox(one.Left, one.Top, one.Right, one.Bottom);

    // A crowd of PASCAL's protocol is a difficult object: neither demanded nor wrong.
    private static GroundTruthBox ToTruth(long image, LabelledBox one) => new(image, one.Class, new BoundingBox(one.Left, one.Top, one.Right, one.Bottom))
    {
        Area = one.Area,
        Difficult = one.Difficult || one.Crowd,
        Crowd = one.Crowd || one.Difficult,
    };
}
