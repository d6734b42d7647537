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
        block.Paragraph($"{Count(rows.Count, "candidate")}: the genotype of the search, and others that it prefers. Each was trained with {JsonFiles.Show(selection["candidate_epochs"])} epochs in its "
            + "last step; the lowest cross entropy on the validation images was kept. These accuracies only order the candidates: the kept network has still to be trained in full.");
        block.Table(
            ["candidate", "validation loss#", "validation top-1#", "CPU seconds#", "genotype"],
            rows.Select((row, index) => (string[])
            [
                $"{index + 1}, {JsonFiles.Show(row["origin"])}{(selected == $"{index}" ? ", selected" : "")}",
                Number(row["valid_loss"], "0.000"), Percent(row["valid_top1"]), Number(row["cpu_seconds"], "0"), JsonFiles.Show(row["genotype"]),
            ]));
        AddChips(block, selection, rows, selected);
        foreach (var (file, caption) in ((string, string)[])[(RunFiles.NormalCell, "Normal cell of the selected network"), (RunFiles.ReductionCell, "Its reduction cell")])
        {
            if (run.ReadText(Path.Combine(RunFiles.SelectionFolder, file)) is { } svg)
            {
                block.Picture(svg, caption);
            }
        }
    }

    /// <summary>What the candidates take on the chip that the selection names, where it names one.</summary>
    private static void AddChips(HtmlBlock block, JsonObject selection, List<JsonObject> rows, string selected)
    {
        if (selection["limits"] is not JsonObject limits || rows.Any(row => row["chip"] is not JsonObject))
        {
            return;
        }

        var core = JsonFiles.Show(rows[0]["chip"]!["core"]);
        block.Charts(ChipCharts.Render(
            core, "validation top-1",
            [.. rows.Select((row, index) => ($"candidate {index + 1}", Decoded(row["valid_top1"]), Decoded(row["chip"]!["flash_bytes"]), Decoded(row["chip"]!["arena_bytes"]), Decoded(row["chip"]!["instructions"])))],
            int.TryParse(selected, CultureInfo.InvariantCulture, out var mark) ? mark : null,
            (MetricRecord.Decode(limits["max_flash"]), MetricRecord.Decode(limits["max_ram"]), MetricRecord.Decode(limits["max_instructions"]))));
        block.Table(
            ["candidate", "validation top-1#", "flash, bytes#", "RAM, bytes#", "instructions#"],
            rows.Select((row, index) => (string[])
            [
                $"{index + 1}{(selected == $"{index}" ? ", selected" : "")}", Percent(row["valid_top1"]),
                Number(row["chip"]!["flash_bytes"], "N0"), Number(row["chip"]!["arena_bytes"], "N0"), Number(row["chip"]!["instructions"], "N0"),
            ]));

        static double Decoded(JsonNode? number) => MetricRecord.Decode(number) ?? double.NaN;
    }

    private static string Percent(JsonNode? share) =>
        MetricRecord.Decode(share) is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %") : "none";
}
