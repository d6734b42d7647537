namespace DcpNas.Native;

/// <summary>One fact about the machine and the installation.</summary>
/// <param name="Name">Short and stable, lower case: "libtorch", "allocator".</param>
/// <param name="Value">What was found.</param>
/// <param name="Status">How good that is.</param>
/// <param name="Advice">What to do, one sentence; empty when there is nothing to do.</param>
public sealed record Finding(string Name, string Value, FindingStatus Status = FindingStatus.Ok, string Advice = "");
