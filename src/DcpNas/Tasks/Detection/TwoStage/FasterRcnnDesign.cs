using System.Text.Json.Nodes;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Everything that rebuilds the head of a Faster R-CNN and its boxes. Immutable; stored in every checkpoint.</summary>
public sealed record FasterRcnnDesign
{
    /// <summary>The maps of the pyramid, the anchors of the proposals, and how the boxes of the second stage are coded and chosen.</summary>
    public DetectorDesign Pyramid { get; init; } = new();

    /// <summary>Bins per side into which a region is cut, at least 1. Default 7.</summary>
    public int RegionSize { get; init; } = 7;

    /// <summary>Samples per side of a bin, at least 1. Default 2.</summary>
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Width of the two hidden layers that look at a region, at least 1. Default 256 (the paper's 1024 is for images of 800 pixels).</summary>
    public int BoxChannels { get; init; } = 256;

    /// <summary>Anchors of each level, those of the highest scores, that become regions before suppression, at least 1. Default 400.</summary>
    public int ProposalCandidates { get; init; } = 400;

    /// <summary>Regions of an image that the second stage looks at, at least 1. Default 100.</summary>
    public int Proposals { get; init; } = 100;

    /// <summary>Of two regions of a level that overlap more, the one of the lower score is dropped. In (0, 1], default 0.7.</summary>
    public double ProposalOverlap { get; init; } = 0.7;

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() => [.. Pyramid.Problems(), .. OwnProblems()];

    /// <summary>The faults of what stands beside the pyramid.</summary>
    internal IReadOnlyList<string> OwnProblems()
    {
        List<string> problems = [];
        Check(RegionSize is >= 1 and <= 64, $"region_size must be from 1 to 64, got {RegionSize}.");
        Check(SamplingRatio is >= 1 and <= 16, $"sampling_ratio must be from 1 to 16, got {SamplingRatio}.");
        Check(BoxChannels is >= 1 and <= 8192, $"box_channels must be from 1 to 8192, got {BoxChannels}.");
        Check(ProposalCandidates is >= 1 and <= 100_000, $"proposal_candidates must be from 1 to 100000, got {ProposalCandidates}.");
        Check(Proposals is >= 1 and <= 10_000, $"proposals must be from 1 to 10000, got {Proposals}.");
        Check(ProposalOverlap is > 0 and <= 1, $"proposal_overlap must be above 0 and at most 1, got {ProposalOverlap}.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }

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
