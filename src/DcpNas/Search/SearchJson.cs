using System.Text.Json;
using System.Text.Json.Serialization;

namespace DcpNas.Search;

/// <summary>How the search writes JSON: snake_case, enumerations by name, unknown keys refused, comments allowed.</summary>
internal static class SearchJson
{
    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
    };
}
