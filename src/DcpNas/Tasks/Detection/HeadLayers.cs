using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Runtime;

namespace DcpNas.Tasks.Detection;

/// <summary>What the heads of detectors are made of: the sizes of their maps, and rows of their cost tables.</summary>
internal static class HeadLayers
{
    /// <summary>The maps of a design on a backbone, finest first.</summary>
    /// <exception cref="InputException">The backbone has fewer stages than the design asks for.</exception>
    public static IReadOnlyList<FeatureMap> MapsOf(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages)
    {
        if (stages.Count < design.FeatureLevels)
        {
            throw new InputException($"A detector on {design.FeatureLevels} stages needs a backbone with as many, but this one has {stages.Count}. Lower stages, or use another architecture.");
        }

        var maps = stages.TakeLast(design.FeatureLevels).Select(stage =>
            new FeatureMap(design.NeckChannels, (network.ImageHeight + stage.Stride - 1) / stage.Stride, (network.ImageWidth + stage.Stride - 1) / stage.Stride)).ToList();
        for (var extra = 0; extra < design.ExtraLevels; extra++)
        {
            maps.Add(maps[^1].After(design.NeckChannels, 2));
        }

        return maps;
    }

    /// <summary>The anchors of each map.</summary>
    public static IReadOnlyList<IReadOnlyList<Anchor>> Anchors(DetectorDesign design, IReadOnlyList<FeatureMap> maps) =>
        [.. maps.Zip(design.Anchors).Select(level => (IReadOnlyList<Anchor>)[.. Anchor.OfMap(level.First.Height, level.First.Width, level.Second)])];

    /// <summary>A 1x1 unit from the map of a stage to a map of the head.</summary>
    public static CostLayer Lateral(string name, FeatureMap output, FeatureStage stage, NetworkDescription network) => new ConvolutionUnit
    {
        Input = output with { Channels = stage.Channels },
        OutputChannels = output.Channels,
        NormBefore = true,
        PReluAfter = true,
        BinaryWeights = network.Precision.BinaryWeights,
        BinaryActivations = network.Precision.BinaryInputs,
    }.Count(name, CostGroup.Preprocess);

    /// <summary>A 3x3 unit as in ReActNet that keeps the channels.</summary>
    public static ConvolutionUnit Unit(FeatureMap input, int stride, NetworkDescription network) => new()
    {
        Input = input,
        OutputChannels = input.Channels,
        Kernel = 3,
        Stride = stride,
        BinaryWeights = network.Precision.BinaryWeights,
        BinaryActivations = network.Precision.BinaryInputs,
        ShiftBefore = true,
        Shortcut = true,
        PReluAfter = true,
        ShiftsAroundPRelu = true,
    };

    /// <summary>A last layer: a real 1x1 convolution with bias.</summary>
    public static CostLayer Prediction(string name, FeatureMap input, int channels)
    {
        var output = input with { Channels = channels };
        var weights = (long)input.Channels * channels;
        return new CostLayer(name, CostGroup.Head, "conv 1x1", output, new CostAmount
        {
            RealMacs = (long)input.Channels * output.Elements,
            ElementwiseFlops = output.Elements,
            RealParameters = weights + channels,
        });
    }
}
