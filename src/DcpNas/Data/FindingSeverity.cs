namespace DcpNas.Data;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know.</summary>
    Note,

    /// <summary>The data can be used, but results may not mean what they seem to.</summary>
    Warning,

    /// <summary>The data cannot be opened.</summary>
    Error,
}
