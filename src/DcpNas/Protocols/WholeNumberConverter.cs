using System.Text.Json;
using System.Text.Json.Serialization;

namespace DcpNas.Protocols;

/// <summary>Reads whole numbers also where they are written as 1.0 or 1e3, as programs do that keep numbers in data frames.</summary>
internal sealed class WholeNumberConverter : JsonConverter<long>
{
    /// <summary>Reads one.</summary>
    public static long Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && !reader.TryGetInt64(out _) && reader.TryGetDecimal(out var exact) && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue
            ? (long)exact
            : reader.GetInt64();

    /// <inheritdoc/>
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
