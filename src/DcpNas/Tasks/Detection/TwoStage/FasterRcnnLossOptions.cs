using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>What a Faster R-CNN learns from, and by which weights.</summary>
public sealed record FasterRcnnLossOptions
{
    /// <summary>At most so large a share of the anchors that are learned has an object.</summary>
    public const double ObjectShareOfAnchors = 0.5;

    /// <summary>At most so large a share of the regions that are learned has an object.</summary>
    public const double ObjectShareOfRegions = 0.25;

    /// <summary>An anchor learns an object that it overlaps by so much.</summary>
    [Option("Overlap from which on an anchor learns an object", Above = 0, Max = 1)]
    public double ProposalMatch { get; init; } = 0.7;

    /// <summary>An anchor that overlaps every object by less learns the background; at most <see cref="ProposalMatch"/>.</summary>
    [Option("Overlap below which an anchor learns the background", Above = 0, CheckedByRule = true, Note = "at most `proposal_match`")]
    public double ProposalBackground { get; init; } = 0.3;

    /// <summary>Anchors of an image that are learned.</summary>
    [Option("Anchors of an image that are learned, at most half of them with an object", Min = 1, Max = 100_000)]
    public int AnchorSamples { get; init; } = 256;

    /// <summary>A region learns the class of an object that it overlaps by so much, else the background.</summary>
    [Option("Overlap from which on a region learns an object", Above = 0, Max = 1)]
    public double MatchThreshold { get; init; } = 0.5;

    /// <summary>Regions of an image that are learned.</summary>
    [Option("Regions of an image that are learned, at most a quarter of them with an object", Min = 1, Max = 100_000)]
    public int RegionSamples { get; init; } = 128;

    /// <summary>Weight of the losses of boxes.</summary>
    [Option("Weight of the losses of boxes", Min = 0, Finite = true)]
    public double BoxWeight { get; init; } = 1;

    /// <summary>Which anchors learn what.</summary>
    internal MatchRule AnchorRule => new(ProposalMatch, ProposalBackground, EveryObject: true);

    /// <summary>Which regions learn what.</summary>
    internal MatchRule RegionRule => new(MatchThreshold, MatchThreshold, EveryObject: false);

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. Check(ProposalBackground > 0 && ProposalBackground <= ProposalMatch, $"proposal_background must be above 0 and at most proposal_match, got {ProposalBackground}."),
    ];
}
