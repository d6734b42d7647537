namespace DcpNas.Protocols.Detection;

/// <summary>How PASCAL VOC makes one number of a curve of precision over recall.</summary>
public enum VocInterpolation
{
    /// <summary>VOC 2007: mean of the largest precision at a recall of at least 0, 0.1, ..., 1.</summary>
    ElevenPoint,

    /// <summary>VOC 2010 and later: area below the monotone envelope of the curve.</summary>
    Area,
}
