namespace DcpNas.Protocols.Detection;

/// <summary>What PASCAL VOC's protocol makes of a detection.</summary>
public enum VocVerdict
{
    /// <summary>It finds an object.</summary>
    Found,

    /// <summary>It lies on an object that a surer detection has found.</summary>
    Repeated,

    /// <summary>It lies on no object of its category.</summary>
    Wrong,

    /// <summary>It lies on a difficult object and counts neither way.</summary>
    Ignored,
}
