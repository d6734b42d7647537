namespace DcpNas.Protocols.Conformance;

/// <summary>A case file as it stands (docs/conformance.md).</summary>
internal sealed record CaseRecord(
    string Format,
    string Name,
    string Why,
    SortedDictionary<string, double> Expected,
    ReIdentificationCase? ReIdentification = null,
    VocCase? Voc = null,
    CocoCase? Coco = null)
{
    /// <summary>Name and version of the format.</summary>
    public const string FormatName = "dcpnas-conformance-1";

    /// <summary>Makes a record of an input.</summary>
    public static CaseRecord Of(IProtocolCase input, string name, string why, IEnumerable<KeyValuePair<string, double>> expected) => new(
        FormatName,
        name,
        why,
        new SortedDictionary<string, double>(expected.ToDictionary(), StringComparer.Ordinal),
        input as ReIdentificationCase,
        input as VocCase,
        input as CocoCase);

    /// <summary>The one protocol that the case is about.</summary>
    /// <param name="source">What messages call the file.</param>
    /// <exception cref="InputException">There is none or more than one, or the file is of another format or expects measures that there are not.</exception>
    public IProtocolCase Input(string source)
    {
        if (Format != FormatName)
        {
            throw InputException.InFile(source, "format", $"'{FormatName}'", $"'{Format}'", "Give a case file of this version.");
        }

        IProtocolCase[] inputs = [.. new IProtocolCase?[] { ReIdentification, Voc, Coco }.OfType<IProtocolCase>()];
        if (inputs.Length != 1)
        {
            throw InputException.InFile(
                source, "line 1", "exactly one of the keys re_identification, voc, coco", inputs.Length == 0 ? "none" : string.Join(" and ", inputs.Select(input => input.Protocol)), "Give each protocol a file of its own.");
        }

        if (Expected.Count == 0)
        {
            throw InputException.InFile(source, "expected", "at least one measure", "none", "Say what the evaluator should find.");
        }

        if (inputs[0].MeasureNames is { } known && Expected.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw InputException.InFile(source, "expected", $"only {string.Join(", ", known)}", $"'{unknown}'", $"Remove it.{Nearest.Hint(unknown, known)}");
        }

        return inputs[0];
    }
}
