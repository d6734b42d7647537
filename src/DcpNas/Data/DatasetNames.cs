namespace DcpNas.Data;

/// <summary>The names by which commands and option files call data sets.</summary>
public static class DatasetNames
{
    /// <summary>A folder of images: <c>train/CLASS/*</c> and <c>val/CLASS/*</c>. Only its images are brought to a size that options name.</summary>
    public const string Folder = "folder";

    /// <summary>Synthetic shapes, generated; needs no files.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. DatasetTable.All.Select(row => row.Name)];
}
