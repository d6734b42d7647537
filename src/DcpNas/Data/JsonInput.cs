using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Data;

/// <summary>JSON files of others: in any form of Unicode, with or without a byte order mark, their whole numbers also written as 1.0.</summary>
internal static class JsonInput
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do about a fault.</param>
    /// <exception cref="InputException">It cannot be read or is not JSON.</exception>
    public static JsonDocument Parse(string path, string remedy) => Read(path, remedy, text => JsonDocument.Parse(text));

    /// <summary>Reads a file as nodes; keys that occur twice are refused.</summary>
    /// <inheritdoc cref="Parse"/>
    public static JsonNode? ParseNode(string path, string remedy) =>
        Read(path, remedy, text => JsonNode.Parse(text.Span, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }));

    private static T Read<T>(string path, string remedy, Func<ReadOnlyMemory<byte>, T> parse)
    {
        try
        {
            return parse(TextBytes.ToUtf8(DataFile.ReadAllBytes(path)));
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, JsonFault.Place(error), "JSON", $"something else ({JsonFault.Reason(error)})", remedy, error);
        }
        catch (DecoderFallbackException error)
        {
            throw InputException.InFile(path, $"byte {error.Index + 1}", "text in UTF-8, UTF-16 or UTF-32", "bytes that are none", remedy, error);
        }
    }

    /// <summary>A whole number of 64 bits, also one that is written with a fraction of 0 or an exponent.</summary>
    public static bool TryWhole(JsonElement value, out long number)
    {
        number = 0;
        if (value.ValueKind != JsonValueKind.Number)
        {
            return false;
        }

        if (value.TryGetInt64(out number))
        {
            return true;
        }

        if (value.TryGetDecimal(out var exact) && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue)
        {
            number = (long)exact;
            return true;
        }

        return false;
    }
}
