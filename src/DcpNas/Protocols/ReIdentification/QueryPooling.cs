namespace DcpNas.Protocols.ReIdentification;

/// <summary>How several images of a query become one feature.</summary>
public enum QueryPooling
{
    /// <summary>The mean of each dimension, computed in double precision.</summary>
    Mean,

    /// <summary>The largest value of each dimension.</summary>
    Max,
}
