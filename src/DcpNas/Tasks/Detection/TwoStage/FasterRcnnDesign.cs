using System.Text.Json.Nodes;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Everything that rebuilds the head of a Faster R-CNN and its boxes. Immutable; stored in every checkpoint.</summary>
public sealed record FasterRcnnDesign
{
    /// <summary>The maps of the pyramid, the anchors of the proposals, and how the boxes of the second stage are coded and chosen.</summary>
    public DetectorDesign Pyramid { get; init; } = new();

    /// <summary>Bins per side into which a region is cut.</summary>
    [Option("Output size of RoIAlign: bins per side of a region", Min = 1, Max = 64, Formerly = "region_size")]
    public int RoiOutputSize { get; init; } = 7;

    /// <summary>Samples per side of a bin.</summary>
    [Option("Sampling points of RoIAlign per side of a bin", Min = 1, Max = 16)]
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Features of the two fully connected layers of the box head (the paper's 1024 is for images of 800 pixels).</summary>
    [Option("Features of the two real fully connected layers of the box head", Min = 1, Max = 8192, Formerly = "box_channels")]
    public int BoxHeadFcFeatures { get; init; } = 256;

    /// <summary>Proposals of each level, those of the highest scores, that enter the NMS of the RPN.</summary>
    [Option("Proposals of each level, the best by score, that enter the NMS of the RPN", Min = 1, Max = 100_000, Formerly = "proposal_candidates")]
    public int RpnPreNmsTopN { get; init; } = 400;

    /// <summary>Proposals of an image that are kept after the NMS of the RPN.</summary>
    [Option("Proposals of an image that are kept after the NMS of the RPN", Min = 1, Max = 10_000, Formerly = "proposals")]
    public int RpnPostNmsTopN { get; init; } = 100;

    /// <summary>IoU threshold of the NMS of the RPN: of two proposals of a level whose IoU is larger, that of the lower score is dropped.</summary>
    [Option("IoU threshold of the NMS of the RPN, level by level", Above = 0, Max = 1, Formerly = "proposal_overlap")]
    public double RpnNmsThresh { get; init; } = 0.7;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. Pyramid.Problems(), .. OwnProblems()];

    /// <summary>The faults of what stands beside the pyramid.</summary>
    internal IReadOnlyList<string> OwnProblems() => [.. OptionDeclaration.Problems(this)];

    /// <summary>As JSON, with the keys of the format of checkpoints, not of options: the keys of the pyramid and its own side by side.</summary>
    public JsonObject ToJson()
    {
        var json = Pyramid.ToJson();
        json["region_size"] = RoiOutputSize;
        json["sampling_ratio"] = SamplingRatio;
        json["box_channels"] = BoxHeadFcFeatures;
        json["proposal_candidates"] = RpnPreNmsTopN;
        json["proposals"] = RpnPostNmsTopN;
        json["proposal_overlap"] = RpnNmsThresh;
        return json;
    }

    /// <summary>From the JSON of a checkpoint.</summary>
    /// <param name="json">As <see cref="ToJson"/> writes it.</param>
    /// <param name="source">The checkpoint, for messages.</param>
    /// <exception cref="InputException">Something is missing or out of range.</exception>
    public static FasterRcnnDesign FromJson(JsonObject json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        var part = DetectorDesign.PartOf(json, source);
        var design = new FasterRcnnDesign
        {
            Pyramid = DetectorDesign.FromJson(json, source),
            RoiOutputSize = part["region_size"].Whole(),
            SamplingRatio = part["sampling_ratio"].Whole(),
            BoxHeadFcFeatures = part["box_channels"].Whole(),
            RpnPreNmsTopN = part["proposal_candidates"].Whole(),
            RpnPostNmsTopN = part["proposals"].Whole(),
            RpnNmsThresh = part["proposal_overlap"].Real(),
        };
        DetectorDesign.ThrowIfAny(design.OwnProblems(), source);
        return design;
    }
}
