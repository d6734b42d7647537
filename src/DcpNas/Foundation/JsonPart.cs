using System.Text.Json.Nodes;

namespace DcpNas.Foundation;

/// <summary>A value of a JSON document and where it stands. It is asked what it is before it is read, so that no other content of a file than the expected one is more than a message.</summary>
/// <param name="Value">The value; null where it is missing, or null.</param>
/// <param name="Source">What messages call the file.</param>
/// <param name="Place">Where in the file, for messages; empty for the whole of it.</param>
/// <param name="Remedy">What to do about a fault, one imperative sentence.</param>
internal readonly record struct JsonPart(JsonNode? Value, string Source, string Place, string Remedy)
{
    private const int MostShown = 40;
    private const int MostListed = 4;

    /// <summary>Whether there is nothing, or null.</summary>
    public bool IsMissing => Value is null;

    /// <summary>The value of a key of this object.</summary>
    /// <exception cref="InputException">This is no object.</exception>
    public JsonPart this[string key] => this with { Value = Object()[key], Place = Place.Length == 0 ? key : $"{Place}.{key}" };

    /// <summary>The value as an object.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public JsonObject Object() => Value as JsonObject ?? throw Fault("an object");

    /// <summary>The entries of a list.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public IReadOnlyList<JsonPart> Items()
    {
        var part = this;
        return Value is JsonArray list ? [.. list.Select((item, i) => part with { Value = item, Place = $"{part.Place}[{i}]" })] : throw Fault("a list");
    }

    /// <summary>A whole number.</summary>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most; what is beyond 32 bits goes unsaid.</param>
    /// <exception cref="InputException">It is none, or out of the range.</exception>
    public long Whole(long least, long most) => TryWhole(out var number) && number >= least && number <= most
        ? number
        : throw Fault($"a whole number {(most < int.MaxValue ? $"from {least} to {most}" : $"of at least {least}")}");

    /// <summary>A whole number of 32 bits.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public int Whole() => TryWhole(out var number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Fault("a whole number");

    /// <summary>A finite number.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public double Real() => Value is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number) ? number
        : TryWhole(out var whole) ? whole
        : throw Fault("a number");

    /// <summary>A text.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public string Text() => TryText(out var text) ? text : throw Fault("a text");

    /// <summary>True or false.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public bool Flag() => Value is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : throw Fault("true or false");

    /// <summary>A state or options whose properties are the keys of this object.</summary>
    /// <exception cref="InputException">It is no object, a key is unknown, or a value is of the wrong kind; lists every fault.</exception>
    public T As<T>() => OptionsJson.Read<T>(Object().ToJsonString(), Place.Length == 0 ? Source : $"{Source}, {Place}", "an object");

    /// <summary>The exception for a value that is not as it must be.</summary>
    /// <param name="expected">What should stand there.</param>
    public InputException Fault(string expected) => InputException.InFile(Source, Place.Length == 0 ? "its contents" : Place, expected, Found(), Remedy);

    private string Found() => Value switch
    {
        null => "none",
        JsonObject => "an object",
        JsonArray list => list.Count <= MostListed && list.All(item => item is JsonValue or null) ? Short(list.ToJsonString()) : $"a list of {list.Count}",
        _ => TryText(out var text) ? Short($"'{text}'") : Value.GetValueKind() == System.Text.Json.JsonValueKind.String ? "characters that are not Unicode" : Short(Value.ToJsonString()),
    };

    private bool TryWhole(out long number)
    {
        number = 0;
        if (Value is not JsonValue value)
        {
            return false;
        }

        if (value.TryGetValue<int>(out var small)) // one that a program has put there is of its own type only
        {
            number = small;
            return true;
        }

        if (value.TryGetValue(out number))
        {
            return true;
        }

        // Other tools write whole numbers as 1.0.
        if (value.TryGetValue<decimal>(out var exact) && exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue)
        {
            number = (long)exact;
            return true;
        }

        return false;
    }

    private bool TryText(out string text)
    {
        text = "";
        try
        {
            if (Value is JsonValue value && value.TryGetValue<string>(out var found))
            {
                text = found;
                return true;
            }
        }
        catch (InvalidOperationException)
        {
            // It escapes half of a surrogate pair.
        }

        return false;
    }

    private static string Short(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}...";
}
