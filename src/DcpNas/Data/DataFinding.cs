namespace DcpNas.Data;

/// <summary>Something that a check of data found.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Message">One sentence without the path; <c>at place, expected x but found y.</c> where that fits.</param>
public sealed record DataFinding(FindingSeverity Severity, string Path, string Message);
