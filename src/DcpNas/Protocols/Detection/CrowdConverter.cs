using System.Text.Json;
using System.Text.Json.Serialization;

namespace DcpNas.Protocols.Detection;

/// <summary>Reads <c>iscrowd</c>: anything but 0 and false is one, as in pycocotools.</summary>
internal sealed class CrowdConverter : JsonConverter<int>
{
    /// <inheritdoc/>
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => 1,
        JsonTokenType.False => 0,
        _ => WholeNumberConverter.Read(ref reader) == 0 ? 0 : 1,
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
