namespace DcpNas.Runs;

/// <summary>The report.</summary>
public static class SearchReport
{
    /// <summary>Builds it.</summary>
    public static void Build(RunFolder folder) => folder.WriteText(RunFiles.Report, "<!doctype html>");
}
