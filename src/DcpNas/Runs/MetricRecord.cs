using System.Globalization;
using System.Text.Json.Nodes;

namespace DcpNas.Runs;

/// <summary>One line of <c>metrics.jsonl</c>: a kind and fields. Fields that this version does not know are kept.</summary>
/// <remarks>Numbers are written so that they read back bit for bit; NaN and infinities, which JSON lacks, are written as strings.</remarks>
public sealed class MetricRecord
{
    /// <summary>Creates a record.</summary>
    /// <param name="kind">step, epoch, alpha, event, or a kind of the caller's own.</param>
    public MetricRecord(string kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        Json = new JsonObject { [MetricFields.Kind] = kind };
    }

    internal MetricRecord(JsonObject json) => Json = json;

    /// <summary>The line as JSON.</summary>
    public JsonObject Json { get; }

    /// <summary>The kind, empty if the line has none.</summary>
    public string Kind => Text(MetricFields.Kind) ?? "";

    /// <summary>A record of one optimiser step.</summary>
    public static MetricRecord OfStep(long step, long epoch, long round, string phase, double loss, double seconds) =>
        new MetricRecord(MetricFields.Step)
            .Set(MetricFields.Step, step).Set(MetricFields.Epoch, epoch).Set(MetricFields.Round, round)
            .Set(MetricFields.Phase, phase).Set(MetricFields.Loss, loss).Set(MetricFields.Seconds, seconds);

    /// <summary>The beginning of a record of one epoch; the caller sets the measured fields.</summary>
    public static MetricRecord OfEpoch(long epoch, long round, string phase) =>
        new MetricRecord(MetricFields.Epoch)
            .Set(MetricFields.Epoch, epoch).Set(MetricFields.Round, round).Set(MetricFields.Phase, phase);

    /// <summary>A record of softmax(alpha).</summary>
    /// <param name="epoch">The epoch after which it holds.</param>
    /// <param name="network">parent or child.</param>
    /// <param name="cell">normal or reduction.</param>
    /// <param name="probabilities">One row per edge, one value per operation.</param>
    public static MetricRecord OfAlpha(long epoch, string network, string cell, IEnumerable<IEnumerable<double>> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var record = new MetricRecord(MetricFields.Alpha)
            .Set(MetricFields.Epoch, epoch).Set(MetricFields.Network, network).Set(MetricFields.Cell, cell);
        record.Json[MetricFields.Probabilities] =
            new JsonArray([.. probabilities.Select(row => (JsonNode)new JsonArray([.. row.Select(value => (JsonNode)Encode(value))]))]);
        return record;
    }

    /// <summary>A record of something that happened.</summary>
    /// <param name="epoch">The epoch in which it happened.</param>
    /// <param name="warning">Whether it deserves attention.</param>
    /// <param name="name">One word: collapse, rollback, budget, resume, finished.</param>
    /// <param name="text">One sentence.</param>
    public static MetricRecord OfEvent(long epoch, bool warning, string name, string text) =>
        new MetricRecord(MetricFields.Event)
            .Set(MetricFields.Epoch, epoch).Set(MetricFields.Severity, warning ? "warning" : "info")
            .Set(MetricFields.Name, name).Set(MetricFields.Text, text);

    /// <summary>Sets a number; returns the record.</summary>
    public MetricRecord Set(string name, double value) => Put(name, Encode(value));

    /// <summary>Sets a whole number; returns the record.</summary>
    public MetricRecord Set(string name, long value) => Put(name, JsonValue.Create(value));

    /// <summary>Sets a text; returns the record.</summary>
    public MetricRecord Set(string name, string value) => Put(name, JsonValue.Create(value));

    /// <summary>Sets an object, which becomes part of the record; returns the record.</summary>
    public MetricRecord Set(string name, JsonObject value) => Put(name, value);

    /// <summary>A number, or null if the field is missing or none.</summary>
    public double? Number(string name) => Decode(Json[name]);

    /// <summary>A text, or null if the field is missing or none.</summary>
    public string? Text(string name) => Json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The rows of an alpha record, or null if they are missing or ragged.</summary>
    public double[][]? Rows(string name)
    {
        if (Json[name] is not JsonArray { Count: > 0 } array)
        {
            return null;
        }

        var rows = new List<double[]>(array.Count);
        foreach (var node in array)
        {
            var row = (node as JsonArray)?.Select(Decode).ToArray();
            if (row is null || row.Contains(null) || (rows.Count > 0 && rows[0].Length != row.Length))
            {
                return null;
            }

            rows.Add([.. row.Select(value => value!.Value)]);
        }

        return [.. rows];
    }

    internal static double? Decode(JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            return null;
        }

        if (value.TryGetValue<double>(out var number))
        {
            return number;
        }

        if (value.TryGetValue<long>(out var whole))
        {
            return whole;
        }

        return value.TryGetValue<string>(out var text) && text is "NaN" or "Infinity" or "-Infinity"
            ? double.Parse(value.GetValue<string>(), CultureInfo.InvariantCulture)
            : null;
    }

    private static JsonValue Encode(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    private MetricRecord Put(string name, JsonNode value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Json[name] = value;
        return this;
    }
}
