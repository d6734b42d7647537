namespace DcpNas.Tasks.Detection;

/// <summary>How boxes are found on a backbone.</summary>
public enum DetectorKind
{
    /// <summary>In one stage, from every pixel of the maps: after SSD, arXiv:1512.02325.</summary>
    OneStage,

    /// <summary>In two stages, first regions, then what they hold: Faster R-CNN, arXiv:1506.01497, on a feature pyramid, arXiv:1612.03144.</summary>
    FasterRcnn,
}
