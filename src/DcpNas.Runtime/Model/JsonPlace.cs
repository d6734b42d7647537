using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>A JSON value and where it stands; reads it strictly.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">For messages.</param>
internal readonly record struct JsonPlace(JsonElement Value, string Path)
{
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = ModelLimits.Depth };

    /// <summary>Reads a whole text.</summary>
    /// <param name="text">In UTF-8.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="read">Takes in its outermost value.</param>
    /// <exception cref="ModelFaultException">The text is broken, or <paramref name="read"/> found a fault.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> text, string path, Func<JsonPlace, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return read(new JsonPlace(document.RootElement, path));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // What System.Text.Json throws for broken JSON and for text that is no UTF-8.
            throw new ModelFaultException(path, "JSON in UTF-8", $"broken text ({error.Message.TrimEnd('.')})");
        }
    }

    /// <summary>The members of an object.</summary>
    public Dictionary<string, JsonElement> Members()
    {
        Expect(JsonValueKind.Object, "an object");
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in Value.EnumerateObject())
        {
            members.Add(member.Name, member.Value);
        }

        return members;
    }

    /// <summary>Takes a member that must be there.</summary>
    public JsonPlace Take(Dictionary<string, JsonElement> members, string key) =>
        TakeOptional(members, key) ?? throw new ModelFaultException(Path, $"a key {key}", "none");

    /// <summary>Takes a member that may be absent.</summary>
    public JsonPlace? TakeOptional(Dictionary<string, JsonElement> members, string key) =>
        members.Remove(key, out var value) ? new JsonPlace(value, $"{Path}.{key}") : null;

    /// <summary>Refuses members that nobody took.</summary>
    public void ExpectNothingLeft(Dictionary<string, JsonElement> members)
    {
        foreach (var key in members.Keys)
        {
            throw new ModelFaultException(Path, "known keys", $"'{key}'");
        }
    }

    /// <summary>The items of an array.</summary>
    /// <param name="most">How many there may be.</param>
    public List<JsonPlace> Items(int most = int.MaxValue)
    {
        Expect(JsonValueKind.Array, "an array");
        if (Value.GetArrayLength() > most)
        {
            throw new ModelFaultException(Path, $"at most {most} items", $"{Value.GetArrayLength()}");
        }

        var items = new List<JsonPlace>(Value.GetArrayLength());
        foreach (var item in Value.EnumerateArray())
        {
            items.Add(new JsonPlace(item, $"{Path}[{items.Count}]"));
        }

        return items;
    }

    /// <summary>An object as the text that it stands there.</summary>
    public string ObjectText()
    {
        Expect(JsonValueKind.Object, "an object");
        return Value.GetRawText();
    }

    public string Text()
    {
        Expect(JsonValueKind.String, "a string");
        return Value.GetString()!;
    }

    public long Whole(long minimum, long maximum)
    {
        Expect(JsonValueKind.Number, "a number");
        return Value.TryGetInt64(out var number) && number >= minimum && number <= maximum
            ? number
            : throw new ModelFaultException(Path, $"a whole number from {minimum} to {maximum}", Short(Value.GetRawText()));
    }

    public double Real()
    {
        Expect(JsonValueKind.Number, "a number");
        return Value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw new ModelFaultException(Path, "a finite number", Short(Value.GetRawText()));
    }

    private void Expect(JsonValueKind kind, string expected)
    {
        if (Value.ValueKind != kind)
        {
            throw new ModelFaultException(Path, expected, $"{Value.ValueKind}");
        }
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..40]}...";
}
