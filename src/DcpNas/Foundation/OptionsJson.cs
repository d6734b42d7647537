using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DcpNas.Foundation;

/// <summary>How options and states are written as JSON: snake_case, enumerations by name, unknown keys refused, comments allowed.</summary>
public static class OptionsJson
{
    /// <summary>The form of JSON.</summary>
    public static JsonSerializerOptions Format { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        WriteIndented = true,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The properties that options files may set, in their order; those of a base type come first.</summary>
    public static IReadOnlyList<PropertyInfo> Properties<T>() => Properties(typeof(T));

    /// <inheritdoc cref="Properties{T}"/>
    /// <param name="record">The type of the options.</param>
    public static IReadOnlyList<PropertyInfo> Properties(Type record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return
        [
            .. record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
                .OrderByDescending(property => record == property.DeclaringType ? 0 : 1),
        ];
    }

    /// <summary>The key of a property in options files.</summary>
    public static string KeyOf(MemberInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
    }

    /// <summary>Every value, defaults included, so that a run can be repeated from the file alone.</summary>
    public static JsonObject Write(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var json = (JsonObject)JsonSerializer.SerializeToNode(value, value.GetType(), Format)!;
        return new JsonObject(Properties(value.GetType()).Select(KeyOf).Select(key => KeyValuePair.Create(key, json[key]?.DeepClone())));
    }

    /// <summary>Reads options from a file: JSON with comments, keys in snake_case; what it leaves out keeps its default.</summary>
    /// <param name="path">The file.</param>
    /// <param name="example">What an options file may look like, for the message.</param>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind; lists every fault.</exception>
    public static T Load<T>(string path, string example) => Read<T>(ReadText(path), path, example);

    /// <summary>The text of an options file.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return LfsPointer.IsAt(path) ? throw LfsPointer.Fault(path) : WholeFile.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var reason = Directory.Exists(path) ? "it is a folder" : error.Message.TrimEnd('.');
            throw new InputException($"{path}: the options file cannot be read ({reason}). Name an existing JSON file with --config.", error);
        }
    }

    /// <summary>Reads options from the text of a file.</summary>
    /// <inheritdoc cref="Load{T}"/>
    /// <param name="text">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="example">What an options file may look like, for the message.</param>
    public static T Read<T>(string text, string source, string example) => (T)Read(typeof(T), text, source, example);

    /// <inheritdoc cref="Read{T}"/>
    /// <param name="record">The type of the options.</param>
    /// <param name="text">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="example">What an options file may look like, for the message.</param>
    public static object Read(Type record, string text, string source, string example)
    {
        JsonObject json;
        try
        {
            json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw new InputException($"{source}: at line 1, expected an object of options but found another JSON value. Write {example}.");
        }
        catch (JsonException error)
        {
            throw InputException.InFile(source, JsonFault.Place(error), "JSON", $"something else ({JsonFault.Reason(error)})", "Correct the file.", error);
        }

        var keys = Properties(record).Select(KeyOf).ToList();
        var problems = WithCurrentKeys(record, json);
        var (known, hasUnknown) = (new JsonObject(), false);
        foreach (var (key, value) in json)
        {
            if (!keys.Contains(key))
            {
                problems.Add($"unknown key '{key}'.{Nearest.Hint(key, keys)}");
                hasUnknown = true;
                continue;
            }

            var read = Known(record, key, value);
            try
            {
                new JsonObject { [key] = read }.Deserialize(record, Format);
                known[key] = read?.DeepClone();
            }
            catch (JsonException)
            {
                problems.Add($"{key} must be {Expectation(record, key)}, got {value?.ToJsonString() ?? "null"}.");
            }
        }

        if (hasUnknown)
        {
            problems.Add($"known keys: {string.Join(", ", keys)}.");
        }

        return problems.Count == 0 ? known.Deserialize(record, Format)! : throw new OptionsException(source, problems);
    }

    /// <summary>Options that a run folder or a table holds, with the keys and values of today: how they are read and compared, whatever version wrote them.</summary>
    /// <param name="record">The type of the options.</param>
    /// <param name="json">The options; they are changed.</param>
    /// <param name="source">What messages call them.</param>
    /// <returns>The options.</returns>
    /// <exception cref="OptionsException">A value stands under its key of today and its former one.</exception>
    public static JsonObject Current(Type record, JsonObject json, string source) =>
        WithCurrentKeys(record, json) is { Count: > 0 } problems ? throw new OptionsException(source, problems) : json;

    /// <summary>Gives values under keys of earlier versions their keys of today (<see cref="OptionAttribute.Formerly"/>), and renamed values their names, in sections of any depth too.</summary>
    /// <param name="record">The type of the options.</param>
    /// <param name="json">The options; they are changed.</param>
    /// <returns>A sentence for each value that stands under both keys.</returns>
    public static List<string> WithCurrentKeys(Type record, JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var problems = new List<string>();
        foreach (var declared in OptionDeclaration.Of(record))
        {
            if (declared.Formerly is { } former && json.TryGetPropertyValue(former, out var value))
            {
                if (json.ContainsKey(declared.Key))
                {
                    problems.Add($"{declared.Key} and its former key {former} are both given. Leave {former} out.");
                }
                else
                {
                    json[declared.Key] = value?.DeepClone();
                }

                json.Remove(former);
            }

            if (declared.RenamedValue is { } renamed && json[declared.Key] is JsonValue text && text.TryGetValue<string>(out var name) && name == renamed.Former)
            {
                json[declared.Key] = renamed.Current;
            }
        }

        foreach (var property in Properties(record))
        {
            if (json[KeyOf(property)] is JsonObject section)
            {
                problems.AddRange(WithCurrentKeys(property, section).Select(problem => $"{KeyOf(property)}.{problem}"));
            }
        }

        return problems;
    }

    /// <summary>The same for what stands under the key of a property: a record, records by name, or some of the options of a record (<see cref="SectionOfAttribute"/>).</summary>
    private static IEnumerable<string> WithCurrentKeys(PropertyInfo property, JsonObject section)
    {
        var type = property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return section.Where(entry => entry.Value is JsonObject)
                .SelectMany(entry => WithCurrentKeys(type.GenericTypeArguments[1], (JsonObject)entry.Value!).Select(problem => $"{entry.Key}.{problem}"));
        }

        return property.GetCustomAttribute<SectionOfAttribute>() is { } of ? WithCurrentKeys(of.Record, section)
            : type.IsAssignableTo(typeof(JsonNode)) ? []
            : WithCurrentKeys(type, section);
    }

    /// <summary>A copy of a value; the name of one of an enumeration as it is known.</summary>
    private static JsonNode? Known(Type record, string key, JsonNode? value) =>
        TypeOf(record, key) is { IsEnum: true } type && value is JsonValue text && text.TryGetValue<string>(out var name) && EnumNames.Of(type, name) is { } known ? known : value?.DeepClone();

    private static Type TypeOf(Type record, string key)
    {
        var property = Properties(record).Single(candidate => KeyOf(candidate) == key);
        return Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
    }

    private static string Expectation(Type record, string key)
    {
        var type = TypeOf(record, key);
        return type.IsEnum ? $"one of {string.Join(", ", EnumNames.All(type))}"
            : type == typeof(bool) ? "true or false"
            : type == typeof(int) || type == typeof(long) ? "a whole number"
            : type == typeof(double) ? "a number"
            : type == typeof(string) ? "a text"
            : type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "a list"
            : "an object";
    }
}
