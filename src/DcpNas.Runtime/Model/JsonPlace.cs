using System.Text.Json;

namespace DcpNas.Runtime.Model;

/// <summary>A JSON value and where it stands; reads it strictly.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">For messages.</param>
internal readonly record struct JsonPlace(JsonElement Value, string Path)
{
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = ModelLimits.Depth };

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

    public List<JsonPlace> Items()
    {
        Expect(JsonValueKind.Array, "an array");
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
