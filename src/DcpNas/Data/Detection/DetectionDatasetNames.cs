namespace DcpNas.Data.Detection;

/// <summary>The names by which commands and option files call data sets with boxes.</summary>
public static class DetectionDatasetNames
{
    /// <summary>Synthetic scenes, generated; needs no files.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>PASCAL VOC, or any folder in its layout.</summary>
    public const string Voc = "voc";

    /// <summary>COCO, or any folder in its layout.</summary>
    public const string Coco = "coco";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Synthetic, Voc, Coco];
}
