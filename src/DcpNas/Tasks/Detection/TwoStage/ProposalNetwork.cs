using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>The first stage: says of every anchor whether there is an object, and where. Its 3x3 is as 1-bit as the backbone, its last layers are real.</summary>
/// <remarks>
/// Per level a 3x3 unit as in ReActNet, then two real 1x1 convolutions with bias. Faster R-CNN on a pyramid shares these over the levels; here each level has its own, because batch
/// normalisation measures each level apart.
/// </remarks>
internal sealed class ProposalNetwork : Module
{
    private readonly NetworkProgram _program;

    public ProposalNetwork(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureMap> maps)
        : base(nameof(ProposalNetwork))
    {
        var reader = new ModuleReader();
        var (scores, codes) = Read(reader, design, network, [.. maps.Select(map => reader.Input(map.Channels))]);
        _program = reader.Build(this, [.. scores, .. codes], "units", "scores", "codes");
        Convolutions = reader.Convolutions;
    }

    /// <summary>Every convolution that may be 1-bit, in the order in which they run.</summary>
    public IEnumerable<ConvolutionLayer> Convolutions { get; }

    /// <summary>Says every layer to a reader.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="design">Sizes and anchors.</param>
    /// <param name="network">The backbone.</param>
    /// <param name="levels">Of the pyramid.</param>
    /// <param name="prefix">What stands before the names of layers.</param>
    /// <returns>The maps of scores and of codes.</returns>
    public static (IReadOnlyList<T> Scores, IReadOnlyList<T> Codes) Read<T>(
        INetworkReader<T> reader, DetectorDesign design, NetworkDescription network, IReadOnlyList<T> levels, string prefix = "")
        where T : class
    {
        var (scores, codes) = (new List<T>(), new List<T>());
        for (var level = 0; level < levels.Count; level++)
        {
            var (neck, anchors) = (design.NeckChannels, design.Anchors[level].Count);
            var value = HeadLayers.Unit(reader, $"{prefix}units.{level}", levels[level], neck, 1, network.Precision);
            scores.Add(HeadLayers.Predict(reader, $"{prefix}scores.{level}", value, neck, anchors));
            codes.Add(HeadLayers.Predict(reader, $"{prefix}codes.{level}", value, neck, anchors * 4));
        }

        return (scores, codes);
    }

    /// <summary>Scores <c>[N, anchors]</c> before the sigmoid, and codes <c>[N, anchors, 4]</c>, of all levels, finest first.</summary>
    /// <param name="levels">Of the pyramid.</param>
    public (Tensor Scores, Tensor Codes) Apply(IReadOnlyList<Tensor> levels)
    {
        using var scope = NewDisposeScope();
        var outputs = _program.Run(levels);
        var scores = outputs.Take(levels.Count).Select(map => HeadLayers.Rows(map, 1).squeeze(2)).ToArray();
        var codes = outputs.Skip(levels.Count).Select(map => HeadLayers.Rows(map, 4)).ToArray();
        return (cat(scores, 1).MoveToOuterDisposeScope(), cat(codes, 1).MoveToOuterDisposeScope());
    }
}
