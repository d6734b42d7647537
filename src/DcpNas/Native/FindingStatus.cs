namespace DcpNas.Native;

/// <summary>How good a finding of <see cref="DoctorReport"/> is.</summary>
public enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but slower or with a limit; the advice says how to do better.</summary>
    Warning,

    /// <summary>Commands will fail or give wrong results.</summary>
    Problem,
}
