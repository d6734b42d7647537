namespace DcpNas.Search;

/// <summary>What happens when a cell collapses to skip and pool.</summary>
public enum GuardAction
{
    /// <summary>It is named, and the search goes on.</summary>
    Warn,

    /// <summary>The search stops at that epoch with the genotype of the last healthy one.</summary>
    Stop,

    /// <summary>alpha returns to the last healthy epoch and its learning rate is halved; at most three times.</summary>
    Rollback,
}
