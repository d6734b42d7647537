using DcpNas.Candidates;
using DcpNas.Cli.Display;
using DcpNas.Cli.Jobs;
using DcpNas.Cli.Models;
using DcpNas.Runs;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary>What <c>select</c>, <c>quickstart</c> and <c>photos</c> share: a selection under a display, and its result on stdout.</summary>
internal static class SelectionSession
{
    /// <summary>Runs a selection to its end.</summary>
    /// <param name="options">What is asked.</param>
    /// <param name="command">The command line that resumes it.</param>
    /// <param name="workers">How many candidates are trained at a time.</param>
    public static SelectionOutcome Run(SelectionOptions options, string command, WorkerOptions workers)
    {
        var folder = Path.Combine(options.Run, RunFiles.SelectionFolder);
        return RunSession.Run("select", folder, command, (view, cancel) =>
        {
            view.Say($"{Count(options.Candidates, "candidate")}: the search's own genotype and others that it prefers, each trained for {Count(BriefTraining.Epochs(options.CandidateEpochs, options.Train), "epoch")} a step.");
            return SelectionRun.Execute(options, command, new SelectionDisplay(view, options.Candidates).OnProgress, text => view.Say($"warning: {text}", Tone.Alarming), cancel, ChipMeter.Instance, workers.ProcessesFor(folder, CandidateTrainings.RunsFolder));
        });
    }

    /// <summary>Prints a result for people.</summary>
    public static void Print(SelectionOutcome outcome)
    {
        var table = Terminal.NewTable(["candidate", "validation loss", "validation top-1", .. outcome.Chips.Count == 0 ? (string[])[] : ["flash", "RAM", "instructions"], ""]);
        var selected = outcome.Selected;
        foreach (var (candidate, index) in outcome.Candidates.Select((candidate, index) => (candidate, index)))
        {
            table.AddPlainRow(
            [
                $"{index + 1}, {outcome.OriginOf(index)}", Text($"{candidate.ValidationLoss:0.000}"), Text($"{candidate.ValidationTop1 * 100:0.0} %"),
                .. outcome.Chips.Count == 0 ? [] : outcome.Chips[index].Amount.Numbers().Select(number => Text($"{number.Value:N0}")),
                index == selected ? "selected" : "",
            ]);
        }

        table.AlignRight(1, outcome.Chips.Count == 0 ? 2 : 5);
        Terminal.Results.Write(table);
        GenotypeView.Print(outcome.Genotype);
        Terminal.Print($"genotype  {outcome.GenotypePath}");
    }
}
