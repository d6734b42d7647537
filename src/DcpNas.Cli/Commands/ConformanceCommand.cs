using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Cli.Options;
using DcpNas.Protocols.Conformance;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas conformance</c>: are the evaluators of re-identification and detection right?</summary>
internal static class ConformanceCommand
{
    private static readonly string[] Heading = ["case", "protocol", "measure", "expected", "found", "reference", ""];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var random = WholeNumber.Optional<int>("--random", "Random cases of each protocol, compared with a second implementation (default 1000; with --write none)");
        var cases = new Option<string?>("--cases") { Description = "Folder of case files (docs/conformance.md) instead of those that come with the program", HelpName = "DIR" };
        var write = new Option<string?>("--write") { Description = "Write the cases here for other tools, and evaluate nothing", HelpName = "DIR" };
        var json = JsonOutput.Option();
        var command = new Command("conformance", "Judge the evaluators of re-identification and detection. Exit code 1: a number differs.") { random, cases, write, json };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(write);
            var options = new ConformanceOptions
            {
                Random = parsed.GetValue(random) ?? (folder is null ? new ConformanceOptions().Random : 0),
                Cases = parsed.GetValue(cases),
            };
            return folder is null ? Judge(options, parsed.GetValue(json)) : Write(folder, options, parsed.GetValue(json));
        });
        return command;
    }

    private static int Judge(ConformanceOptions options, bool json)
    {
        using var interruption = new Interruption(() => Console.Error.WriteLine("Stopping."));
        var report = ConformanceRun.Execute(options, interruption.Token);
        if (json)
        {
            JsonOutput.Print(report.ToJson());
        }
        else
        {
            foreach (var line in Lines(report))
            {
                Terminal.Print(line);
            }
        }

        return report.Agreed == report.Total ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Write(string folder, ConformanceOptions options, bool json)
    {
        var paths = ConformanceRun.Write(folder, options);
        if (json)
        {
            JsonOutput.Print(new JsonArray([.. paths.Select(path => JsonValue.Create(path))]));
            return ExitCode.Done;
        }

        Terminal.Print($"{paths.Count} cases in {folder}");
        return ExitCode.Done;
    }

    private static IEnumerable<string> Lines(ConformanceReport report)
    {
        List<string[]> rows = [Heading];
        foreach (var one in report.Cases.Concat(report.Random.SelectMany(protocol => protocol.Disagreements)))
        {
            rows.AddRange(one.Measures.Select<MeasureOutcome, string[]>((measure, i) =>
            [
                i == 0 ? one.Name : "", i == 0 ? one.Protocol : "", measure.Name, Number(measure.Expected), Number(measure.Found), Number(measure.Reference), measure.Agrees ? "" : "DIFFERS",
            ]));
        }

        foreach (var line in Columns.Align(rows, 3, 4, 5))
        {
            yield return line;
        }

        yield return "";
        foreach (var note in report.Cases.SelectMany(one => one.Notes.Select(note => $"note: {note}")))
        {
            yield return note;
        }

        yield return $"case files  {report.Cases.Count(one => one.Agrees)} of {report.Cases.Count} agree";
        foreach (var protocol in report.Random)
        {
            yield return $"random {protocol.Protocol}  {protocol.Cases - protocol.Disagreements.Count} of {protocol.Cases} agree ({protocol.Numbers} numbers)";
        }

        yield return $"total  {report.Agreed} of {report.Total} agree within {MeasureOutcome.Tolerance.ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.############", CultureInfo.InvariantCulture) : "none";
}
