namespace DcpNas.Cli.Options;

/// <summary>How the help names options.</summary>
internal static class OptionText
{
    /// <summary>The option of a key of options files: <c>--batch-size</c> of <c>batch_size</c>.</summary>
    public static string NameOf(string key) => $"--{key.Replace('_', '-')}";
}
