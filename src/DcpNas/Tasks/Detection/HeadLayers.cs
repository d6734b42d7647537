using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Networks.Graph;
using DcpNas.Runtime;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>What the heads of detectors are made of: the sizes of their maps, and their units.</summary>
internal static class HeadLayers
{
    /// <summary>The maps of a design on a backbone, finest first.</summary>
    /// <exception cref="InputException">The backbone has fewer stages than the design asks for.</exception>
    public static IReadOnlyList<FeatureMap> MapsOf(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages)
    {
        ThrowIfTooFew(design, stages);
        var maps = stages.TakeLast(design.FeatureLevels).Select(stage => MapOf(network, stage) with { Channels = design.NeckChannels }).ToList();
        for (var extra = 0; extra < design.ExtraLevels; extra++)
        {
            maps.Add(maps[^1].After(design.NeckChannels, 2));
        }

        return maps;
    }

    /// <summary>The anchors of each map.</summary>
    public static IReadOnlyList<IReadOnlyList<Anchor>> Anchors(DetectorDesign design, IReadOnlyList<FeatureMap> maps) =>
        [.. maps.Zip(design.Anchors).Select(level => (IReadOnlyList<Anchor>)[.. Anchor.OfMap(level.First.Height, level.First.Width, level.Second)])];

    /// <summary>The maps of the stages of a backbone, as values of a cost table.</summary>
    /// <exception cref="InputException">The backbone has fewer stages than the design asks for.</exception>
    public static IReadOnlyList<CostValue> CostMaps(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages)
    {
        ThrowIfTooFew(design, stages);
        return [.. stages.Select(stage => new CostValue(MapOf(network, stage)))];
    }

    /// <summary>A 1x1 unit from the map of a stage to the channels of the head: BN -> [sign] -> 1x1 -> BN -> PReLU.</summary>
    public static T Lateral<T>(INetworkReader<T> reader, string name, T input, int channels, int outputs, Precision precision)
        where T : class =>
        NetworkUnits.Reshape(reader, name, input, ConvolutionShape.OfPointwise(channels, outputs), activate: true, precision, new(name, CostGroup.Preprocess));

    /// <summary>A 3x3 unit as in ReActNet that keeps the channels.</summary>
    public static T Unit<T>(INetworkReader<T> reader, string name, T input, int channels, int stride, Precision precision)
        where T : class =>
        NetworkUnits.ReAct(reader, name, input, ConvolutionShape.OfFull(channels, channels, 3, stride), precision, CostGroup.Full, pool: $"{name}.pool");

    /// <summary>A last layer: a real 1x1 convolution with bias.</summary>
    public static T Predict<T>(INetworkReader<T> reader, string name, T input, int channels, int outputs)
        where T : class =>
        reader.Predict(name, input, new(new($"{name}.convolution", ConvolutionShape.OfPointwise(channels, outputs), null), $"{name}.bias"));

    /// <summary>The numbers of the anchors of a map, <c>[N, pixels * anchors, width]</c>: row by row, pixel by pixel, anchor by anchor.</summary>
    /// <param name="map">Of <see cref="Predict"/>.</param>
    /// <param name="width">Numbers of an anchor.</param>
    public static Tensor Rows(Tensor map, int width) => map.permute(0, 2, 3, 1).reshape(map.shape[0], -1, width);

    private static void ThrowIfTooFew(DetectorDesign design, IReadOnlyList<FeatureStage> stages)
    {
        if (stages.Count < design.FeatureLevels)
        {
            throw new InputException(
                $"A detector on {design.FeatureLevels} stages needs a backbone with as many, but this one has {stages.Count}. Lower stages, or use another architecture.");
        }
    }

    private static FeatureMap MapOf(NetworkDescription network, FeatureStage stage) =>
        new(stage.Channels, (network.ImageHeight + stage.Stride - 1) / stage.Stride, (network.ImageWidth + stage.Stride - 1) / stage.Stride);
}
