using System.Text.Json;

namespace DcpNas.Foundation;

/// <summary>The values of enumerations as options files and the command line name them: snake_case.</summary>
public static class EnumNames
{
    /// <summary>The names of the values of an enumeration, as files and the command line have them.</summary>
    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The name of a value of an enumeration as files have it, however its words are joined: <c>imagenet</c> and <c>image-net</c> are <c>image_net</c>.</summary>
    /// <returns>Null where there is no such value.</returns>
    public static string? Of(Type type, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return All(type).FirstOrDefault(name => Joined(name) == Joined(text));

        static string Joined(string words) => words.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
    }
}
