using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>What a Faster R-CNN learns from, and by which weights.</summary>
public sealed record FasterRcnnLossOptions
{
    /// <summary>At most so large a share of the anchors that are learned has an object.</summary>
    public const double ObjectShareOfAnchors = 0.5;

    /// <summary>At most so large a share of the regions that are learned has an object.</summary>
    public const double ObjectShareOfRegions = 0.25;

    /// <summary>An anchor of the RPN whose IoU with an object is at least this is positive.</summary>
    [Option("IoU from which on an anchor of the RPN is positive (foreground)", Above = 0, Max = 1, Formerly = "proposal_match")]
    public double RpnFgIouThresh { get; init; } = 0.7;

    /// <summary>An anchor of the RPN whose IoU with every object is less is negative; at most <see cref="RpnFgIouThresh"/>.</summary>
    [Option("IoU below which an anchor of the RPN is negative (background)", Above = 0, CheckedByRule = true, Note = "at most `rpn_fg_iou_thresh`", Formerly = "proposal_background")]
    public double RpnBgIouThresh { get; init; } = 0.3;

    /// <summary>Anchors of an image that are learned.</summary>
    [Option("Anchors of an image sampled for the loss of the RPN, at most half of them positive", Min = 1, Max = 100_000, Formerly = "anchor_samples")]
    public int RpnBatchSizePerImage { get; init; } = 256;

    /// <summary>A proposal whose IoU with an object is at least this learns its class, else background.</summary>
    [Option("IoU from which on a proposal is positive (foreground)", Above = 0, Max = 1)]
    public double FgIouThresh { get; init; } = 0.5;

    /// <summary>Regions of an image that are learned.</summary>
    [Option("Proposals of an image sampled for the loss of the box head, at most a quarter of them positive", Min = 1, Max = 100_000, Formerly = "region_samples")]
    public int BoxBatchSizePerImage { get; init; } = 128;

    /// <summary>Weight of the losses of boxes.</summary>
    [Option("Weight of the box regression losses", Min = 0, Finite = true, Formerly = "box_weight")]
    public double BoxLossWeight { get; init; } = 1;

    /// <summary>Which anchors learn what.</summary>
    internal MatchRule AnchorRule => new(RpnFgIouThresh, RpnBgIouThresh, EveryObject: true);

    /// <summary>Which regions learn what.</summary>
    internal MatchRule RegionRule => new(FgIouThresh, FgIouThresh, EveryObject: false);

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. Check(RpnBgIouThresh > 0 && RpnBgIouThresh <= RpnFgIouThresh, $"rpn_bg_iou_thresh must be above 0 and at most rpn_fg_iou_thresh, got {RpnBgIouThresh}."),
    ];
}
