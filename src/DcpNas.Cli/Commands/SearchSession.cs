using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Models;
using DcpNas.Runs;
using DcpNas.Search;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>search</c> and <c>quickstart</c> share: a search under a display, and its result on stdout.</summary>
internal static class SearchSession
{
    /// <summary>Runs a search to its end.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="command">The command line that resumes it.</param>
    public static SearchOutcome Run(SearchOptions options, string folder, string command) => RunSession.Run("search", folder, command, (view, cancel) =>
        SearchRun.Execute(options, folder, command, new SearchDisplay(view), text => view.Say($"warning: {text}", Tone.Alarming), cancel, ChipMeter.Instance));

    /// <summary>Refuses a search that memory will not do for, before there is a run folder; one that has begun goes on.</summary>
    /// <exception cref="InputException">It will not; says what to lower.</exception>
    public static void RefuseWithoutMemory(SearchOptions options, string folder)
    {
        if (File.Exists(folder) || Checkpoint.Exists(Path.Combine(folder, RunFiles.Checkpoint)))
        {
            return; // a folder that is none is refused by the run itself
        }

        if (SearchProfiling.MemoryProblem(options, () => Console.Error.WriteLine("Trying small steps of each kind: will memory do?"), ChipMeter.Instance) is { } problem)
        {
            throw new InputException($"{problem} --force starts all the same; {Invocation.Name} plan says more.");
        }
    }

    /// <summary>Prints a result for people.</summary>
    public static void Print(SearchOutcome outcome)
    {
        GenotypeView.Print(outcome.Genotype);
        GenotypeView.Print(outcome.Cost);
        if (outcome.Chip is { } chip)
        {
            Terminal.Print($"chip      {chip}");
        }

        Terminal.Print($"genotype  {outcome.GenotypePath}");
        Terminal.Print($"report    {outcome.ReportPath}");
    }

    /// <summary>Prints, as the last line of a command, whether the search has decided.</summary>
    public static void PrintDecision(SearchOutcome outcome)
    {
        if (outcome.Genotype.Decision is { } decision)
        {
            Terminal.Print(decision.Summary);
        }
    }

    /// <summary>A result for programs.</summary>
    public static JsonObject Describe(SearchOutcome outcome, string folder) => new()
    {
        ["run"] = folder,
        ["genotype_text"] = outcome.Genotype.ToString(),
        ["genotype"] = JsonNode.Parse(outcome.Genotype.ToJson()),
        ["decision"] = outcome.Genotype.Decision?.ToJson(),
        ["cost"] = JsonNode.Parse(outcome.Cost.ToJson()),
        ["chip"] = outcome.Chip?.ToJson(),
        ["genotype_path"] = outcome.GenotypePath,
        ["report_path"] = outcome.ReportPath,
    };
}
