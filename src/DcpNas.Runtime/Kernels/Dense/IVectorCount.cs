namespace DcpNas.Runtime.Kernels.Dense;

/// <summary>How many vectors a tile is wide; a constant that the compiler sees.</summary>
internal interface IVectorCount
{
    /// <summary>Vectors.</summary>
    static abstract int Count { get; }
}

/// <summary>One vector.</summary>
internal readonly struct OneVector : IVectorCount
{
    public static int Count => 1;
}

/// <summary>Two vectors.</summary>
internal readonly struct TwoVectors : IVectorCount
{
    public static int Count => 2;
}

/// <summary>Three vectors.</summary>
internal readonly struct ThreeVectors : IVectorCount
{
    public static int Count => 3;
}

/// <summary>Four vectors.</summary>
internal readonly struct FourVectors : IVectorCount
{
    public static int Count => 4;
}
