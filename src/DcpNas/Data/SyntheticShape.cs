namespace DcpNas.Data;

/// <summary>The outlines of the synthetic data, in the order of their labels.</summary>
internal enum SyntheticShape
{
    Disc,
    Ring,
    Square,
    Triangle,
    Cross,
}
