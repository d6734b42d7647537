using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Graph;
using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>The neck and head of a one-stage detector after SSD (arXiv:1512.02325), as 1-bit as its backbone but for the last layers.</summary>
/// <remarks>
/// Per level: a 1x1 convolution from the map of the stage to the channels of the neck (BN -> sign -> 1x1 -> BN -> PReLU), or, for further levels, a 3x3 unit of stride 2 on the level before
/// (sign -> 3x3 -> BN -> + 2x2 mean -> PReLU, as in ReActNet); then 3x3 units of stride 1; then two real 1x1 convolutions with bias, for scores and for boxes.
/// Outputs: scores <c>[N, anchors, classes + 1]</c>, the background first, and codes <c>[N, anchors, 4]</c>, of all levels, finest first.
/// </remarks>
public sealed class SsdHead : TaskHead
{
    /// <summary>What stands before the names of its layers in a network.</summary>
    internal const string Prefix = "head.";

    private readonly NetworkProgram _program;
    private readonly int _classes;

    /// <summary>Creates the head with fresh weights.</summary>
    /// <param name="design">Sizes and anchors.</param>
    /// <param name="network">The backbone: its size of images and precision.</param>
    /// <param name="stages">Its stages.</param>
    /// <param name="classes">Classes without the background, at least 1.</param>
    /// <exception cref="InputException">The backbone has fewer stages than the design asks for.</exception>
    public SsdHead(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes)
        : base(nameof(SsdHead))
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(stages);
        (Design, _classes) = (design, classes);
        Maps = HeadLayers.MapsOf(design, network, stages);
        var reader = new ModuleReader();
        ModuleValue[] maps = [.. stages.Select(stage => reader.Input(stage.Channels, stage.Stride))];
        var (scores, codes) = new SsdGraph(design, network, stages, classes).Read(reader, maps);
        _program = reader.Build(this, [.. scores, .. codes], SsdGraph.Groups);
        Convolutions = reader.Convolutions;
    }

    /// <summary>What the head was built from.</summary>
    public DetectorDesign Design { get; }

    /// <summary>Scores of an anchor: the classes and the background.</summary>
    internal int ScoresPerAnchor => _classes + 1;

    /// <summary>The maps that boxes are read from, finest first.</summary>
    public IReadOnlyList<FeatureMap> Maps { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    /// <summary>What the layers cost.</summary>
    internal static IEnumerable<CostLayer> Cost(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes)
    {
        var reader = new CostReader();
        new SsdGraph(design, network, stages, classes, Prefix).Read(reader, HeadLayers.CostMaps(design, network, stages));
        return reader.Rows;
    }

    /// <summary>All anchors, in the order of the outputs.</summary>
    internal IEnumerable<Anchor> Anchors => HeadLayers.Anchors(Design, Maps).SelectMany(level => level);

    /// <summary>Turns the outputs of an image into boxes.</summary>
    internal DetectionDecoder CreateDecoder() => new(Anchors, _classes, Design.Settings);

    /// <summary>The layers of this head, to be read under the names of the whole network.</summary>
    internal SsdGraph Graph(Backbone backbone) => new(Design, backbone.Description, backbone.Stages, _classes, Prefix);

    /// <summary>The scores and the codes of a batch.</summary>
    public override IReadOnlyList<Tensor> Run(BackboneOutput maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        using var scope = NewDisposeScope();
        var outputs = _program.Run(maps.Stages);
        var scores = outputs.Take(Design.Levels).Select(map => HeadLayers.Rows(map, _classes + 1)).ToArray();
        var codes = outputs.Skip(Design.Levels).Select(map => HeadLayers.Rows(map, 4)).ToArray();
        return [cat(scores, 1).MoveToOuterDisposeScope(), cat(codes, 1).MoveToOuterDisposeScope()];
    }
}
