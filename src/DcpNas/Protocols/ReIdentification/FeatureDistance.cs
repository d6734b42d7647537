namespace DcpNas.Protocols.ReIdentification;

/// <summary>How far apart two features are.</summary>
public enum FeatureDistance
{
    /// <summary><c>|a|^2 + |b|^2 - 2 a.b</c></summary>
    SquaredEuclidean,

    /// <summary><c>1 - a.b / (|a| |b|)</c>; 1 where a feature is 0.</summary>
    Cosine,
}
