using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace DcpNas.Protocols;

/// <summary>JSON files of the protocols: keys in snake_case, nothing guessed, and faults that say where they are.</summary>
internal static partial class ProtocolJson
{
    /// <summary>Our own files: an unknown key is a fault, comments are allowed.</summary>
    public static readonly JsonSerializerOptions Strict = Create(JsonUnmappedMemberHandling.Disallow, JsonCommentHandling.Skip);

    /// <summary>Files of others, which may hold more than is read.</summary>
    public static readonly JsonSerializerOptions Tolerant = Create(JsonUnmappedMemberHandling.Skip, JsonCommentHandling.Disallow);

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">It cannot be opened.</exception>
    public static FileStream Open(string path, string what)
    {
        try
        {
            return InputFile.OpenRead(path, FileShare.Read);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: the file cannot be read ({error.Message.TrimEnd('.')}). Name {what}.", error);
        }
    }

    /// <summary>Reads a value.</summary>
    /// <param name="stream">Text in any form of Unicode.</param>
    /// <param name="source">What messages call the file.</param>
    /// <param name="options">One of ours.</param>
    /// <param name="remedy">What to do about a fault.</param>
    /// <exception cref="InputException">It is not JSON, or not of this form.</exception>
    public static T Read<T>(Stream stream, string source, JsonSerializerOptions options, string remedy)
    {
        try
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return JsonSerializer.Deserialize<T>(TextBytes.ToUtf8(bytes.ToArray()).Span, options) ?? throw InputException.InFile(source, "line 1", "a value", "null", remedy);
        }
        catch (DecoderFallbackException error)
        {
            throw InputException.InFile(source, $"byte {error.Index + 1}", "text in UTF-8, UTF-16 or UTF-32", "bytes that are none", remedy, error);
        }
        catch (JsonException error)
        {
            var line = $"line {(error.LineNumber ?? 0) + 1}";
            var place = error.Path is { Length: > 1 } path ? $"{line}, {path.TrimStart('$').TrimStart('.')}" : line;
            var (expected, found) = Describe(error);
            throw InputException.InFile(source, place, expected, found, remedy, error);
        }
    }

    private static (string Expected, string Found) Describe(JsonException error)
    {
        var text = error.Message.Split(" Path: ", 2)[0];
        if (error.InnerException is InvalidOperationException inner && Token().Match(inner.Message) is { Success: true } token)
        {
            return (token.Groups[2].Value switch { "number" => "a number", "string" => "a text", _ => "true or false" }, NameOfToken(token.Groups[1].Value));
        }

        if (error.InnerException is FormatException format && Bounds().Match(format.Message) is { Success: true } bounds)
        {
            return (NameOf(bounds.Groups[1].Value), "a number that is none, or too large a one");
        }

        if (Missing().Match(text) is { Success: true } missing)
        {
            return ($"the keys {missing.Groups[1].Value.Replace("'", "", StringComparison.Ordinal)}", "them missing");
        }

        if (Unknown().Match(text) is { Success: true } unknown)
        {
            return ("only known keys", $"'{unknown.Groups[1].Value}'");
        }

        if (Twice().Match(text) is { Success: true } twice)
        {
            return ($"the key '{twice.Groups[1].Value}' once", "it twice");
        }

        if (Kind().Match(text) is { Success: true } kind)
        {
            return (NameOf(TypeAt(kind.Groups[1].Value, error.Path ?? "")), "another value");
        }

        return text.Contains("disallows null", StringComparison.Ordinal) ? ("a value", "null") : ("JSON", $"something else ({text.TrimEnd('.')})");
    }

    /// <summary>Of a value inside an object, messages may name the type of the object: then that of the value is looked up.</summary>
    private static string TypeAt(string type, string path) => Type.GetType(type)?.GetProperties()
        .FirstOrDefault(property => path.EndsWith("." + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), StringComparison.Ordinal))?.PropertyType.FullName ?? type;

    private static string NameOfToken(string token) => token switch
    {
        "Number" => "a number",
        "String" => "a text",
        "StartArray" => "a list",
        "StartObject" => "an object",
        _ => token.ToLowerInvariant(), // true, false, null
    };

    private static string NameOf(string type) => type switch
    {
        _ when type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal) => type.Contains("[]", StringComparison.Ordinal) ? "a list of whole numbers" : "a whole number",
        _ when type.Contains("Single", StringComparison.Ordinal) || type.Contains("Double", StringComparison.Ordinal) => type.Contains("[]", StringComparison.Ordinal) ? "a list of numbers" : "a number",
        _ when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
        "System.String" => "a text",
        _ when type.Contains("[]", StringComparison.Ordinal) || type.Contains("List", StringComparison.Ordinal) => "a list",
        _ when Type.GetType(type) is { IsEnum: true } names => $"one of {string.Join(", ", Enum.GetNames(names).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}",
        _ => "an object",
    };

    private static JsonSerializerOptions Create(JsonUnmappedMemberHandling unknown, JsonCommentHandling comments) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = unknown,
        ReadCommentHandling = comments,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new WholeNumberConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [GeneratedRegex("token type '(.*?)' as a (.*?)\\.")]
    private static partial Regex Token();

    [GeneratedRegex("out of bounds for an? (.*?)\\.")]
    private static partial Regex Bounds();

    [GeneratedRegex("missing required properties including: (.*?)\\.?$")]
    private static partial Regex Missing();

    [GeneratedRegex("The JSON property '(.*)' could not be mapped")]
    private static partial Regex Unknown();

    [GeneratedRegex("Duplicate property '(.*?)' encountered")]
    private static partial Regex Twice();

    [GeneratedRegex("could not be converted to ([^ ]*?)\\.?$")]
    private static partial Regex Kind();
}
