using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Search;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>search</c> and <c>quickstart</c> share: a search under a display, and its result on stdout.</summary>
internal static class SearchSession
{
    /// <summary>Runs a search to its end.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="command">The command line that resumes it.</param>
    /// <param name="json">Whether the result is printed as JSON.</param>
    public static int Run(SearchOptions options, string folder, string command, bool json)
    {
        var outcome = RunSession.Run("search", folder, command, (view, cancel) =>
            SearchRun.Execute(options, folder, command, new SearchDisplay(view), text => view.Say($"warning: {text}", Tone.Alarming), cancel));
        if (json)
        {
            JsonOutput.Print(Describe(outcome, folder));
        }
        else
        {
            Print(outcome);
        }

        return ExitCode.Done;
    }

    private static void Print(SearchOutcome outcome)
    {
        GenotypeView.Print(outcome.Genotype);
        GenotypeView.Print(outcome.Cost);
        Terminal.Print($"genotype  {outcome.GenotypePath}");
        Terminal.Print($"report    {outcome.ReportPath}");
    }

    private static JsonObject Describe(SearchOutcome outcome, string folder) => new()
    {
        ["run"] = folder,
        ["genotype_text"] = outcome.Genotype.ToString(),
        ["genotype"] = JsonNode.Parse(outcome.Genotype.ToJson()),
        ["cost"] = JsonNode.Parse(outcome.Cost.ToJson()),
        ["genotype_path"] = outcome.GenotypePath,
        ["report_path"] = outcome.ReportPath,
    };
}
