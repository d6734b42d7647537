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

    /// <summary>The row of the job.</summary>
    public required string Strategy { get; init; }

    /// <summary>The seed of the job.</summary>
    public required int Seed { get; init; }

    /// <summary>How far it is.</summary>
    public JobState State { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The genotype that was found, as text; null before.</summary>
    public string? Genotype { get; init; }

    /// <summary>CPU time of finding it, in seconds (on a GPU: wall-clock time); null where nothing was searched, or by a version that did not measure it.</summary>
    public double? SearchCpuSeconds { get; init; }

    /// <summary>How candidates led to the genotype; null for rows that train none.</summary>
    public CandidateSelection? Selection { get; init; }

    /// <summary>The finished trainings, in the order of their seeds.</summary>
    public IReadOnlyList<TrainingRecord> Trainings { get; init; } = [];

    /// <summary>The mean of the trainings; null before.</summary>
    public JobResult? Result { get; init; }

    /// <summary>The name of the job.</summary>
    public string Name => ComparisonJob.NameOf(Strategy, Seed);

    /// <summary>Whether the trainings of some seeds are all finished.</summary>
    public bool Has(IEnumerable<int> trainSeeds) => trainSeeds.All(seed => Trainings.Any(training => training.Seed == seed));

    /// <summary>With one more training.</summary>
    /// <param name="training">The training.</param>
    public JobRecord With(TrainingRecord training)
    {
        ArgumentNullException.ThrowIfNull(training);
        IReadOnlyList<TrainingRecord> trainings = [.. Trainings.Where(other => other.Seed != training.Seed).Append(training).OrderBy(other => other.Seed)];
        return this with { Trainings = trainings, Result = JobResult.Mean([.. trainings.Select(other => other.Result)]) };
    }

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
            var record = json.Deserialize<JobRecord>(Format)!;

            // Before there were seeds of trainings, a job had one training, with its own seed.
            return record is { Result: { } result, Trainings.Count: 0 } ? record with { Trainings = [new TrainingRecord(record.Seed, result)] } : record;
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, error.Path ?? "$", "the record of a job", "something else", "Delete the folder of the job to run it again.", error);
        }
    }
}

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Begun, and resumed by the next session if it is not running now.</summary>
    Begun,

    /// <summary>Tested; its result stands.</summary>
    Finished,

    /// <summary>Ended with an error; the next session tries again from its last checkpoint.</summary>
    Failed,
}

/// <summary>One training of a job's genotype.</summary>
/// <param name="Seed">The seed of the training.</param>
/// <param name="Result">The trained network and its test.</param>
public sealed record TrainingRecord(int Seed, JobResult Result);
