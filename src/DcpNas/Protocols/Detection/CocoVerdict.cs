namespace DcpNas.Protocols.Detection;

/// <summary>What a detection is.</summary>
internal enum CocoVerdict : byte
{
    /// <summary>A false positive.</summary>
    Wrong,

    /// <summary>It finds an object that is demanded.</summary>
    Right,

    /// <summary>It counts neither way.</summary>
    Ignored,
}
