namespace DcpNas.Tasks.ReIdentification;

/// <summary>What an image does in an evaluation.</summary>
public enum PersonRole
{
    /// <summary>It is asked for.</summary>
    Query = 1,

    /// <summary>It is ranked.</summary>
    Gallery = 2,

    /// <summary>It is asked for, and ranked for others.</summary>
    Both = 3,
}
