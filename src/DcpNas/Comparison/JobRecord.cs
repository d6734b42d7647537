using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DcpNas.Comparison;

/// <summary>What is known of a job; kept in its folder as <c>job.json</c>.</summary>
public sealed record JobRecord
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>The strategy of the job.</summary>
    public required string Strategy { get; init; }

    /// <summary>The seed of the job.</summary>
    public required int Seed { get; init; }

    /// <summary>How far it is.</summary>
    public JobState State { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The genotype that was found, as text; null before.</summary>
    public string? Genotype { get; init; }

    /// <summary>The trained network and its test; null before.</summary>
    public JobResult? Result { get; init; }

    /// <summary>As JSON.</summary>
    public JsonObject ToJson() => (JsonObject)JsonSerializer.SerializeToNode(this, Format)!;

    /// <summary>From the JSON of a job's folder.</summary>
    /// <param name="json">The object.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="InputException">It is no record of a job.</exception>
    public static JobRecord FromJson(JsonObject json, string path)
    {
        try
        {
            return json.Deserialize<JobRecord>(Format)!;
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, error.Path ?? "$", "the record of a job", "something else", "Delete the folder of the job to run it again.", error);
        }
    }
}
