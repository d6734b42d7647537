using System.Globalization;
using DcpNas.Search;

namespace DcpNas.Cli.Display;

/// <summary>How numbers of a search read.</summary>
internal static class Words
{
    /// <summary>A time as <c>45 s</c>, <c>3 min 05 s</c> or <c>2 h 10 min</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 10 => Text($"{seconds:0.0} s"),
        < 59.5 => Text($"{seconds:0} s"),
        < 3599.5 => Text($"{Math.Floor(Math.Round(seconds) / 60)} min {Math.Round(seconds) % 60:00} s"),
        < 172_800 => Text($"{Math.Floor(seconds / 3600)} h {Math.Floor(seconds % 3600 / 60):00} min"),
        _ => Text($"{seconds / 86_400:0.0} days"),
    };

    /// <summary>A size as <c>812 MB</c> or <c>1.24 GB</c> (powers of 1000).</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e6 => Text($"{bytes / 1e3:0} kB"),
        < 1e9 => Text($"{bytes / 1e6:0} MB"),
        _ => Text($"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A share as <c>61.2 %</c>.</summary>
    public static string Share(double share) => Text($"{share * 100:0.0} %");

    /// <summary>A number of things as <c>1 step</c> or <c>2 steps</c>.</summary>
    public static string Count(long number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>The same of a noun with a plural of its own: <c>1 class</c> or <c>2 classes</c>.</summary>
    public static string Count(long number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    /// <summary>The name of a phase.</summary>
    public static string Phase(SearchPhase phase) => phase == SearchPhase.Parent ? "Parent" : "Child";

    /// <summary>Text of a file that is not trusted, made safe for a terminal: no control characters.</summary>
    public static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));

    /// <summary>Text with invariant numbers.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What an epoch came to, on one line.</summary>
    public static string Epoch(EpochSummary summary, int epochs)
    {
        var (epoch, totals, health, decision) = (summary.Epoch, summary.Totals, summary.Health, summary.Health.Decision);
        var steps = Math.Max(1, totals.Steps);
        var line = Text($"epoch {epoch.Index + 1,3}/{epochs} {Phase(epoch.Phase),-6} loss {totals.Loss / steps:0.000}")
            + $"  supernet train {Share((double)totals.Correct / Math.Max(1, totals.Images))}, valid {Share(summary.SupernetTop1)}";
        if (!epoch.StepsArchitecture)
        {
            return $"{line}  warm-up  {Duration(totals.Seconds)}";
        }

        var alpha = Math.Max(1, totals.ArchitectureSteps);
        var tangent = totals is { Discrepancy: { } discrepancy, Cosine: { } cosine } ? Text($"  D {discrepancy / alpha:0.0e+0}, cos {cosine / alpha:0.00}") : "";
        return line + tangent
            + Text($"  winner {decision.Normal.MeanProbability * 100:0.0}/{decision.Reduction.MeanProbability * 100:0.0} %, decided {decision.Normal.DecidedCount}/{decision.Reduction.DecidedCount} of {decision.Normal.KeptCount}")
            + Text($"  entropy {health.Normal.Entropy:0.000}/{health.Reduction.Entropy:0.000}  skip {health.Normal.SkipShare * 100:0}/{health.Reduction.SkipShare * 100:0} %, pool {health.Normal.PoolShare * 100:0}/{health.Reduction.PoolShare * 100:0} %  {Duration(totals.Seconds)}");
    }
}
