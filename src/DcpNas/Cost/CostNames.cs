namespace DcpNas.Cost;

/// <summary>The names that files and tables use; chosen once, whatever the identifiers become.</summary>
public static class CostNames
{
    /// <summary>The name of a group: <c>stem</c>, <c>preprocess</c>, <c>depthwise</c>, <c>pointwise</c>, <c>skip</c>, <c>pool</c>, <c>sum</c>, <c>full</c>, <c>shortcut</c>, <c>head</c>.</summary>
    public static string Of(CostGroup group) => group switch
    {
        CostGroup.Stem => "stem",
        CostGroup.Preprocess => "preprocess",
        CostGroup.Depthwise => "depthwise",
        CostGroup.Pointwise => "pointwise",
        CostGroup.Skip => "skip",
        CostGroup.Pool => "pool",
        CostGroup.Sum => "sum",
        CostGroup.Full => "full",
        CostGroup.Shortcut => "shortcut",
        CostGroup.Head => "head",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "Unknown group."),
    };

    /// <summary>The name of a stem: <c>cifar</c>, <c>imagenet</c> or <c>half</c>.</summary>
    public static string Of(StemKind stem) => stem switch
    {
        StemKind.Cifar => "cifar",
        StemKind.ImageNet => "imagenet",
        StemKind.Half => "half",
        _ => throw new ArgumentOutOfRangeException(nameof(stem), stem, "Unknown stem."),
    };

    /// <summary>The name of a scheme: <c>none</c>, <c>paper</c> or <c>release</c>.</summary>
    public static string Of(CountingScheme scheme) => scheme switch
    {
        CountingScheme.None => "none",
        CountingScheme.Paper => "paper",
        CountingScheme.Release => "release",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown scheme."),
    };
}
