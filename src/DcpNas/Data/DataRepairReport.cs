namespace DcpNas.Data;

/// <summary>What a repaired copy of data holds, and what it lacks.</summary>
/// <param name="Folder">The folder that was copied.</param>
/// <param name="Target">The copy.</param>
/// <param name="Copied">Files in it.</param>
/// <param name="LeftOut">What could not be used, with the reason; in the order in which it was met.</param>
public sealed record DataRepairReport(string Folder, string Target, int Copied, IReadOnlyList<DataFinding> LeftOut);
