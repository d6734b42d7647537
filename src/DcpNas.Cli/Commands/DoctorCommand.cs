using System.CommandLine;
using System.Text.Json.Nodes;
using DcpNas.Cli.Display;
using DcpNas.Distributed.Mpi;
using DcpNas.Native;
using Spectre.Console;

namespace DcpNas.Cli.Commands;

/// <summary><c>dcpnas doctor</c>: what this machine and installation are, and what to do where something is wrong.</summary>
internal static class DoctorCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "doctor";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var json = JsonOutput.Option();
        var command = new Command(Name, "Check this machine and installation. Exit code 1: something will not work.") { json };
        command.SetAction(parsed =>
        {
            var report = new DoctorReport([.. DoctorReport.Collect().Findings, MpiFinding.Collect()]);
            JsonOutput.Show(parsed.GetValue(json), () => Describe(report), () => Print(report));
            return report.Worst == FindingStatus.Problem ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static void Print(DoctorReport report)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn(new TableColumn("").NoWrap()).AddColumn(new TableColumn("").NoWrap()).AddColumn(new TableColumn(""));
        foreach (var finding in report.Findings)
        {
            var (mark, colour) = finding.Status switch
            {
                FindingStatus.Ok => ("ok", Color.Green),
                FindingStatus.Warning => ("warning", Color.Yellow),
                _ => ("PROBLEM", Color.Red),
            };
            table.AddRow(new Text(mark, new Style(colour)), new Text(finding.Name), new Text(finding.Value));
            if (finding.Advice.Length > 0)
            {
                table.AddRow(new Text(""), new Text(""), new Text($"-> {finding.Advice}", new Style(colour)));
            }
        }

        Terminal.Results.Write(table);
    }

    private static JsonObject Describe(DoctorReport report) => new()
    {
        ["worst"] = NameOf(report.Worst),
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => new JsonObject
        {
            ["name"] = finding.Name,
            ["value"] = finding.Value,
            ["status"] = NameOf(finding.Status),
            ["advice"] = finding.Advice,
        })]),
    };

    private static string NameOf(FindingStatus status) => status.ToString().ToLowerInvariant();
}
