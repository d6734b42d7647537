namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>What a Faster R-CNN learns from, and by which weights.</summary>
public sealed record FasterRcnnLossOptions
{
    /// <summary>At most so large a share of the anchors that are learned has an object.</summary>
    public const double ObjectShareOfAnchors = 0.5;

    /// <summary>At most so large a share of the regions that are learned has an object.</summary>
    public const double ObjectShareOfRegions = 0.25;

    /// <summary>An anchor learns an object that it overlaps by so much; above 0, at most 1. Default 0.7.</summary>
    public double ProposalMatch { get; init; } = 0.7;

    /// <summary>An anchor that overlaps every object by less learns the background; above 0, at most <see cref="ProposalMatch"/>. Default 0.3.</summary>
    public double ProposalBackground { get; init; } = 0.3;

    /// <summary>Anchors of an image that are learned, at least 1. Default 256.</summary>
    public int AnchorSamples { get; init; } = 256;

    /// <summary>A region learns the class of an object that it overlaps by so much, else the background; above 0, at most 1. Default 0.5.</summary>
    public double MatchThreshold { get; init; } = 0.5;

    /// <summary>Regions of an image that are learned, at least 1. Default 128.</summary>
    public int RegionSamples { get; init; } = 128;

    /// <summary>Weight of the losses of boxes, at least 0. Default 1.</summary>
    public double BoxWeight { get; init; } = 1;

    /// <summary>Which anchors learn what.</summary>
    internal MatchRule AnchorRule => new(ProposalMatch, ProposalBackground, EveryObject: true);

    /// <summary>Which regions learn what.</summary>
    internal MatchRule RegionRule => new(MatchThreshold, MatchThreshold, EveryObject: false);

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(ProposalMatch is > 0 and <= 1, $"proposal_match must be above 0 and at most 1, got {ProposalMatch}.");
        Check(ProposalBackground > 0 && ProposalBackground <= ProposalMatch, $"proposal_background must be above 0 and at most proposal_match, got {ProposalBackground}.");
        Check(AnchorSamples is >= 1 and <= 100_000, $"anchor_samples must be from 1 to 100000, got {AnchorSamples}.");
        Check(MatchThreshold is > 0 and <= 1, $"match_threshold must be above 0 and at most 1, got {MatchThreshold}.");
        Check(RegionSamples is >= 1 and <= 100_000, $"region_samples must be from 1 to 100000, got {RegionSamples}.");
        Check(BoxWeight is >= 0 and < double.PositiveInfinity, $"box_weight must be at least 0, got {BoxWeight}.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
