namespace DcpNas.SearchSpace;

/// <summary>The two kinds of cells; each has its own alpha.</summary>
public enum CellKind
{
    /// <summary>Keeps resolution and channels.</summary>
    Normal,

    /// <summary>Halves the resolution and doubles the channels; at a third and two thirds of the depth.</summary>
    Reduction,
}
