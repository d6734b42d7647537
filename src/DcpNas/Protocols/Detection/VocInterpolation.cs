namespace DcpNas.Protocols.Detection;

/// <summary>How PASCAL VOC makes one number of a curve of precision over recall.</summary>
public enum VocInterpolation
{
    /// <summary>
    /// VOC 2007 as the field's tools compute it: mean of the largest precision at a recall of at least k * 0.1 in binary64, k from 0 to 10. 3, 6 and 7 times 0.1 lie just above 0.3, 0.6 and 0.7, so
    /// that a recall of exactly 3/10 does not reach the third.
    /// </summary>
    ElevenPoint,

    /// <summary>The same at exact tenths, which a recall of 3/10 reaches; the number differs from that of py-faster-rcnn and mmdetection.</summary>
    ElevenPointExact,

    /// <summary>VOC 2010 and later: area below the monotone envelope of the curve.</summary>
    Area,
}
