using System.Globalization;
using System.Text.Json.Nodes;
using DcpNas.Runs.Report;
using static DcpNas.Runs.ReportParts;

namespace DcpNas.Runs;

/// <content>The candidates that were trained briefly to end the search.</content>
public static partial class SearchReport
{
    private static void AddSelection(HtmlBlock block, RunFolder run, JsonObject selection)
    {
        var rows = Objects(selection["rows"]);
        var selected = JsonFiles.Show(selection["selected"]);
        block.Paragraph($"{Count(rows.Count, "candidate")}: the genotype of alpha's argmax, the others drawn from alpha. Each was trained with {JsonFiles.Show(selection["candidate_epochs"])} epochs in its "
            + "last step; the lowest cross entropy on the validation images was kept. These accuracies only order the candidates: the kept network has still to be trained in full.");
        block.Table(
            ["candidate", "validation loss#", "validation top-1#", "CPU seconds#", "genotype"],
            rows.Select((row, index) => (string[])
            [
                $"{index + 1}, {JsonFiles.Show(row["origin"])}{(selected == $"{index}" ? ", selected" : "")}",
                Number(row["valid_loss"], "0.000"), Percent(row["valid_top1"]), Number(row["cpu_seconds"], "0"), JsonFiles.Show(row["genotype"]),
            ]));
        foreach (var (file, caption) in ((string, string)[])[(RunFiles.NormalCell, "Normal cell of the selected network"), (RunFiles.ReductionCell, "Its reduction cell")])
        {
            if (run.ReadText(Path.Combine(RunFiles.SelectionFolder, file)) is { } svg)
            {
                block.Picture(svg, caption);
            }
        }
    }

    private static string Percent(JsonNode? share) =>
        MetricRecord.Decode(share) is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %") : "none";
}
