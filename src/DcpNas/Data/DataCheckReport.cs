namespace DcpNas.Data;

/// <summary>What a folder holds.</summary>
/// <param name="Folder">The folder that was checked.</param>
/// <param name="Datasets">Each data set found in it or below.</param>
/// <param name="Findings">What concerns no single data set, such as a folder without any.</param>
public sealed record DataCheckReport(string Folder, IReadOnlyList<CheckedDataset> Datasets, IReadOnlyList<DataFinding> Findings)
{
    /// <summary>Something cannot be used.</summary>
    public bool HasErrors => Findings.Concat(Datasets.SelectMany(data => data.Findings)).Any(finding => finding.Severity == FindingSeverity.Error);
}

/// <summary>Something that a check of data found.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Message">One sentence without the path; <c>at place, expected x but found y.</c> where that fits.</param>
public sealed record DataFinding(FindingSeverity Severity, string Path, string Message);
