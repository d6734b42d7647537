using DcpNas.Networks;
using DcpNas.Networks.Graph;

namespace DcpNas.Tasks.Detection;

/// <summary>The layers of neck and head of a one-stage detector, written once; what they are: <see cref="SsdHead"/>.</summary>
/// <param name="design">Sizes and anchors.</param>
/// <param name="network">The backbone.</param>
/// <param name="stages">Its stages.</param>
/// <param name="classes">Classes without the background.</param>
/// <param name="prefix">What stands before the names of layers: <c>head.</c>, or nothing in the head's own parameters.</param>
internal sealed class SsdGraph(DetectorDesign design, NetworkDescription network, IReadOnlyList<FeatureStage> stages, int classes, string prefix = "")
{
    /// <summary>The groups of layers, in the order of checkpoints.</summary>
    public static readonly string[] Groups = ["laterals", "extras", "towers", "scores", "codes"];

    /// <summary>Says every layer to a reader.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="maps">The last map of every stage of the backbone.</param>
    /// <returns>The maps of scores and of codes, finest level first.</returns>
    public (IReadOnlyList<T> Scores, IReadOnlyList<T> Codes) Read<T>(INetworkReader<T> reader, IReadOnlyList<T> maps)
        where T : class
    {
        var (first, neck) = (stages.Count - design.FeatureLevels, design.NeckChannels);
        var (scores, codes) = (new List<T>(), new List<T>());
        var before = maps[first];
        for (var level = 0; level < design.Levels; level++)
        {
            before = level < design.FeatureLevels
                ? HeadLayers.Lateral(reader, $"{prefix}laterals.{level}", maps[first + level], stages[first + level].Channels, neck, network.Precision)
                : HeadLayers.Unit(reader, $"{prefix}extras.{level - design.FeatureLevels}", before, neck, 2, network.Precision);
            var value = before;
            for (var unit = 0; unit < design.HeadConvs; unit++)
            {
                value = HeadLayers.Unit(reader, $"{prefix}towers.{level}.{unit}", value, neck, 1, network.Precision);
            }

            var anchors = design.Anchors[level].Count;
            scores.Add(HeadLayers.Predict(reader, $"{prefix}scores.{level}", value, neck, anchors * (classes + 1)));
            codes.Add(HeadLayers.Predict(reader, $"{prefix}codes.{level}", value, neck, anchors * 4));
        }

        return (scores, codes);
    }
}
