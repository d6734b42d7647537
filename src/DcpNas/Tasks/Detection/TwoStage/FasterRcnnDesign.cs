using System.Text.Json.Nodes;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Everything that rebuilds the head of a Faster R-CNN and its boxes. Immutable; stored in every checkpoint.</summary>
public sealed record FasterRcnnDesign
{
    /// <summary>The maps of the pyramid, the anchors of the proposals, and how the boxes of the second stage are coded and chosen.</summary>
    public DetectorDesign Pyramid { get; init; } = new();

    /// <summary>Bins per side into which a region is cut.</summary>
    [Option("Bins per side into which RoIAlign cuts a region", Min = 1, Max = 64)]
    public int RegionSize { get; init; } = 7;

    /// <summary>Samples per side of a bin.</summary>
    [Option("Samples of RoIAlign per side of a bin", Min = 1, Max = 16)]
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Width of the two hidden layers that look at a region (the paper's 1024 is for images of 800 pixels).</summary>
    [Option("Width of the two real hidden layers that look at a region", Min = 1, Max = 8192)]
    public int BoxChannels { get; init; } = 256;

    /// <summary>Anchors of each level, those of the highest scores, that become regions before suppression.</summary>
    [Option("Anchors of each level that become regions before suppression", Min = 1, Max = 100_000)]
    public int ProposalCandidates { get; init; } = 400;

    /// <summary>Regions of an image that the second stage looks at.</summary>
    [Option("Regions of an image that are looked at", Min = 1, Max = 10_000)]
    public int Proposals { get; init; } = 100;

    /// <summary>Of two regions of a level that overlap more, the one of the lower score is dropped.</summary>
    [Option("Largest overlap of two regions of a level that are both kept", Above = 0, Max = 1)]
    public double ProposalOverlap { get; init; } = 0.7;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. Pyramid.Problems(), .. OwnProblems()];

    /// <summary>The faults of what stands beside the pyramid.</summary>
    internal IReadOnlyList<string> OwnProblems() => [.. OptionDeclaration.Problems(this)];

    /// <summary>As JSON: the keys of the pyramid and its own side by side.</summary>
    public JsonObject ToJson()
    {
        var json = Pyramid.ToJson();
        json["region_size"] = RegionSize;
        json["sampling_ratio"] = SamplingRatio;
        json["box_channels"] = BoxChannels;
        json["proposal_candidates"] = ProposalCandidates;
        json["proposals"] = Proposals;
        json["proposal_overlap"] = ProposalOverlap;
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
            RegionSize = part["region_size"].Whole(),
            SamplingRatio = part["sampling_ratio"].Whole(),
            BoxChannels = part["box_channels"].Whole(),
            ProposalCandidates = part["proposal_candidates"].Whole(),
            Proposals = part["proposals"].Whole(),
            ProposalOverlap = part["proposal_overlap"].Real(),
        };
        DetectorDesign.ThrowIfAny(design.OwnProblems(), source);
        return design;
    }
}
