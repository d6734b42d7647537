namespace DcpNas.Runtime.Tests;

/// <summary>The folder of the checkout, whose files some tests read.</summary>
internal static class Checkout
{
    /// <summary>The folder.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DcpNas.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
        }

        return folder.FullName;
    }
}
