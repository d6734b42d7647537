using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Jobs;

namespace DcpNas.Cli.Jobs;

/// <summary>How a worker tells the process that has started it what happens: a JSON object on each line of its standard output.</summary>
internal static class WorkerEvents
{
    private const string Share = "share", Part = "part", Warning = "warning";

    /// <summary>The line of progress.</summary>
    public static string Progress(string part, double share) => new JsonObject { [Part] = part, [Share] = share }.ToJsonString();

    /// <summary>The line of a warning.</summary>
    public static string Warn(string text) => new JsonObject { [Warning] = text }.ToJsonString();

    /// <summary>What a line says; null for a line of anything else.</summary>
    public static JobEvent? Read(string job, string line)
    {
        try
        {
            return JsonNode.Parse(line) switch
            {
                JsonObject json when json[Warning] is JsonValue text => new JobWarned(job, text.GetValue<string>()),
                JsonObject json when json[Part] is JsonValue part && json[Share] is JsonValue share => new JobProgressed(job, part.GetValue<string>(), share.GetValue<double>()),
                _ => null,
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
