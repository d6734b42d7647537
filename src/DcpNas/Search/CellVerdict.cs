namespace DcpNas.Search;

/// <summary>Whether a cell collapses to skip and pool.</summary>
public enum CellVerdict
{
    /// <summary>Convolutions hold enough of its edges.</summary>
    Healthy,

    /// <summary>Skip and pools hold most edges, but by so little that the next epoch may change it.</summary>
    Leaning,

    /// <summary>Skip and pools hold most edges, decidedly or for a second epoch with a growing margin.</summary>
    Collapsed,
}
