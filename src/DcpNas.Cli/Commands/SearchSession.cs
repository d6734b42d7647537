using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Runs;
using DcpNas.Search;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>search</c> and <c>quickstart</c> share: a search under a display, signals, and its result on stdout.</summary>
internal static class SearchSession
{
    /// <summary>Runs a search to its end.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="command">The command line that resumes it.</param>
    /// <param name="json">Whether the result is printed as JSON.</param>
    public static int Run(SearchOptions options, string folder, string command, bool json)
    {
        var display = ISearchDisplay.Create();
        using var interruption = new Interruption(() => display.Say("Stopping after this step, with a checkpoint. Ctrl+C again ends at once."));
        SearchOutcome? outcome = null;
        var wasFinished = IsFinished(folder);
        try
        {
            display.Run(() => outcome = SearchRun.Execute(options, folder, command, display, text => display.Say($"warning: {text}"), interruption.Token));
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"Stopped with a checkpoint. Resume with:\n  {command}");
            throw;
        }

        if (wasFinished)
        {
            Console.Error.WriteLine($"{folder}: this run was finished before; here is its result. For a new run name another folder with --run.");
        }

        if (json)
        {
            JsonOutput.Print(Describe(outcome!, folder));
        }
        else
        {
            Print(outcome!);
        }

        return ExitCode.Done;
    }

    /// <summary>Whether a folder holds a run that has ended.</summary>
    public static bool IsFinished(string folder) => new RunHistory(MetricsReader.Read(Path.Combine(folder, RunFiles.Metrics))).IsFinished;

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
