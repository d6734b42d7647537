using System.Text.Json;

namespace DcpNas.SearchSpace;

/// <summary>Takes JSON elements apart and says, where one is not as it must be, which file and place.</summary>
/// <param name="source">What messages call the file.</param>
internal sealed class GenotypeJsonReader(string source)
{
    public InputException Fault(string place, string expected, string found, string remedy) => InputException.InFile(source, place, expected, found, remedy);

    /// <summary>Tells a file of another kind or version before any other fault of it.</summary>
    /// <exception cref="InputException">There is a format, and it is not this one.</exception>
    public void CheckFormat(JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Fault(place, "an object", Describe(element), "Give a genotype file.");
        }

        var format = element.EnumerateObject().FirstOrDefault(property => NameOf(property) == "format").Value;
        if (format.ValueKind != JsonValueKind.Undefined && !(format.ValueKind == JsonValueKind.String && Unescape(format) == Genotype.Format))
        {
            throw Fault("format", $"'{Genotype.Format}'", Describe(format), "Give a genotype file of this version.");
        }
    }

    /// <summary>The values of an object by key.</summary>
    /// <exception cref="InputException">It is no object, lacks a required key, or has an unknown or repeated one.</exception>
    public Dictionary<string, JsonElement> Object(JsonElement element, string place, string[] required, params string[] optional)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Fault(place, "an object", Describe(element), $"Write {{ {string.Join(", ", required.Select(key => $"\"{key}\": ..."))} }}.");
        }

        string[] known = [.. required, .. optional];
        var values = new Dictionary<string, JsonElement>();
        foreach (var property in element.EnumerateObject())
        {
            var name = NameOf(property);
            if (!known.Contains(name))
            {
                throw Fault(place, $"only the keys {string.Join(", ", known)}", $"'{name}'", GenotypeRules.Suggest(name, known, "Remove it."));
            }

            if (!values.TryAdd(name, property.Value))
            {
                throw Fault(place, $"the key '{name}' once", "it twice", "Remove one of them.");
            }
        }

        return required.FirstOrDefault(key => !values.ContainsKey(key)) is { } missing
            ? throw Fault(place, $"the key '{missing}'", values.Count == 0 ? "no keys" : $"only {string.Join(", ", values.Keys)}", "Add it.")
            : values;
    }

    /// <summary>The entries of a list of a given length.</summary>
    /// <exception cref="InputException">It is no list, or has another length.</exception>
    public IEnumerable<JsonElement> List(JsonElement element, string place, int count) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == count
            ? element.EnumerateArray()
            : throw Fault(place, $"a list of {count}", Describe(element), $"Every cell has {CellTopology.NodeCount} nodes of {CellTopology.EdgesKeptPerNode} edges.");

    /// <summary>The characters of a string.</summary>
    /// <exception cref="InputException">It is no string.</exception>
    public string Text(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.String
            ? Unescape(element) ?? throw Fault(place, "a string", Describe(element), "Write it anew.")
            : throw Fault(place, "a string", Describe(element), "Write it in quotation marks.");

    /// <summary>A whole number.</summary>
    /// <exception cref="InputException">It is no whole number of 64 bits.</exception>
    public long Whole(JsonElement element, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number)
            ? number
            : throw Fault(place, "a whole number", Describe(element), "Write digits without quotation marks or point.");

    /// <summary>What a message calls an element.</summary>
    public static string Name(JsonElement element) => Describe(element);

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD"; // half of a surrogate pair: no key that is known
        }
    }

    /// <summary>The characters of a string, or null if it escapes half of a surrogate pair, as in <c>"\ud800"</c>.</summary>
    private static string? Unescape(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {element.GetArrayLength()}",
        JsonValueKind.String => Unescape(element) is { } text ? $"'{text}'" : "characters that are not Unicode",
        _ => element.GetRawText(), // a number, true, false or null
    };
}
