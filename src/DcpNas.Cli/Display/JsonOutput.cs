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

    /// <summary>Prints a result as JSON where that is asked for, else for people.</summary>
    /// <param name="asJson">Whether JSON is asked for.</param>
    /// <param name="json">The result as JSON.</param>
    /// <param name="forPeople">Prints it otherwise.</param>
    public static void Show(bool asJson, Func<JsonNode> json, Action forPeople)
    {
        if (asJson)
        {
            Print(json());
        }
        else
        {
            forPeople();
        }
    }

    /// <summary>A value as it is printed.</summary>
    public static string TextOf(JsonNode value) => value.ToJsonString(Format);
}
