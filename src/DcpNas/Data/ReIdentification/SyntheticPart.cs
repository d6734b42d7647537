namespace DcpNas.Data.ReIdentification;

/// <summary>A part of the synthetic persons.</summary>
public enum SyntheticPart
{
    /// <summary>Images to learn from.</summary>
    Train,

    /// <summary>Images that are asked for.</summary>
    Query,

    /// <summary>Images that are ranked.</summary>
    Gallery,
}
