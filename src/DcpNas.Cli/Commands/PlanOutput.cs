using DcpNas.Cli.Display;
using DcpNas.Runs;
using Spectre.Console;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Commands;

/// <summary>What a search or a training will need, for people.</summary>
internal static class PlanOutput
{
    /// <summary>Prints a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="limits">What its first line ends with.</param>
    public static void Print(RunPlan plan, string limits = "")
    {
        Terminal.Print($"{char.ToUpperInvariant(plan.Kind[0])}{plan.Kind[1..]} on {plan.Dataset}; {plan.Device}.{limits}");
        var work = Terminal.NewTable("work", "number", "each", "in all");
        foreach (var column in work.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var part in plan.Work)
        {
            work.AddPlainRow(part.Name.Replace('_', ' '), $"{part.Count}", Text($"{part.SecondsEach:0.000} s"), Duration(part.TotalSeconds));
        }

        if (plan.Work.Count > 0)
        {
            Terminal.Results.Write(work);
        }
        else
        {
            Terminal.Print("A genotype is drawn: nothing is trained and no checkpoint is written.");
        }

        foreach (var note in plan.Notes)
        {
            Terminal.Print(note);
        }

        var about = plan.IsExtrapolated ? " (from smaller batches: a full one would not fit)" : "";
        Terminal.Print($"time    about {Duration(plan.TotalSeconds)}{about}");
        Terminal.Print($"memory  {Bytes(plan.PeakMemoryBytes)} in the profiling run, {Bytes(plan.PeakMemoryBytes * RunPlan.MemoryMargin)} with a margin; {Bytes(plan.AvailableMemoryBytes)} available{about}");
        Terminal.Print($"disk    {Bytes(plan.DiskBytes)}{(plan.CheckpointBytes > 0 ? $", of it {Bytes(plan.CheckpointBytes)} per checkpoint" : "")}; {Bytes(plan.FreeDiskBytes)} free");
        foreach (var warning in plan.Warnings)
        {
            Terminal.Print($"warning: {warning}");
        }

        var problems = plan.Problems();
        Terminal.Print(problems.Count == 0 ? "It fits." : $"It will NOT fit.\n  - {string.Join("\n  - ", problems)}");
    }
}
