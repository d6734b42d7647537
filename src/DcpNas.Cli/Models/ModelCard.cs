using System.Text.Json.Nodes;
using static DcpNas.Cli.Display.Words;

namespace DcpNas.Cli.Models;

/// <summary>The card of a network that comes with the tool, for people.</summary>
internal static class ModelCard
{
    /// <summary>The networks as a table, with its heading.</summary>
    public static List<string[]> Rows(IEnumerable<JsonObject> cards) =>
    [
        ["name", "task", "data", "measure", "exact", "integer", "kB", "OPs"],
        .. cards.Select(card => (string[])
        [
            Of(card, "name"), Of(card, "task"), Of(card["data"]!, "name"), Of(card["accuracy"]!, "measure"),
            Percent(card["accuracy"]!["modes"]!["exact"]!), Percent(card["accuracy"]!["modes"]!["integer"]!), Text($"{(double)card["file"]!["bytes"]! / 1000:0.0}"), Of(card["cost"]!, "ops"),
        ]),
    ];

    /// <summary>A card.</summary>
    public static List<string> Lines(JsonObject card)
    {
        var (accuracy, training, file) = (card["accuracy"]!, card["training"]!, card["file"]!);
        List<(string Name, string Value)> facts =
        [
            ("name", Of(card, "name")),
            ("task", Of(card, "task")),
            ("what", Of(card, "what")),
            ("data", $"{Of(card["data"]!, "name")}: {Of(card["data"]!, "note")}"),
            ("network", Of(card, "network")),
            ("genotype", (string?)card["genotype"] ?? "none: a hand-made network"),
            ("training", $"{Of(training, "command")}"),
            ("", $"seed {training["seed"]}, {Of(training, "epochs")} epochs, {Text($"{(double)training["seconds"]! / 60:0}")} minutes on {Of(training, "machine")}"),
            .. accuracy["modes"]!.AsObject().Select((mode, i) => (i == 0 ? "accuracy" : "", $"{mode.Key,-8} {Measures(mode.Value!)}")),
            ("", $"on all {accuracy["images"]} {Of(accuracy, "of")}"),
            .. card["cost"]!.AsObject().Select((part, i) => (i == 0 ? "cost" : "", $"{part.Key} {part.Value}")),
            ("file", Text($"{(long)file["bytes"]!:N0} bytes, sha256 {file["sha256"]}")),
            .. card["limits"]!.AsArray().Select((limit, i) => (i == 0 ? "limits" : "", $"{limit}")),
        ];
        return [.. facts.Select(fact => $"{fact.Name,-10}{fact.Value}")];
    }

    private static string Of(JsonNode node, string key) => $"{node[key]}";

    private static string Percent(JsonNode measures) => Text($"{(double)measures.AsObject().First().Value! * 100:0.0} %");

    private static string Measures(JsonNode measures) => string.Join(", ", measures.AsObject().Select(measure => Text($"{measure.Key} {(double)measure.Value! * 100:0.00} %")));
}
