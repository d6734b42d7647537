namespace DcpNas.Foundation;

/// <summary>Tells the folders that can be read from those that this user may not read, so that these are named instead of being left out in silence.</summary>
internal static class ReadableFolder
{
    /// <summary>Whether a folder can be read; one whose name is not UTF-8 cannot, and one that is gone.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="closed">Is given the folder where it cannot.</param>
    public static bool Is(string folder, ICollection<string> closed)
    {
        ArgumentNullException.ThrowIfNull(closed);
        try
        {
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
            return true;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            closed.Add(folder);
            return false;
        }
    }
}
