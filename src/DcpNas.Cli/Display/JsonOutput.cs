using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Cli.Display;

/// <summary>The option --json: the result as one JSON value on stdout.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option.</summary>
    public static Option<bool> Option() => new("--json") { Description = "Print the result as JSON" };

    /// <summary>Prints a value.</summary>
    public static void Print(JsonNode value) => Terminal.Print(TextOf(value));

    /// <summary>A value as it is printed.</summary>
    public static string TextOf(JsonNode value) => value.ToJsonString(Format);
}
