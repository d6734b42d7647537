using System.Text.Json.Nodes;

namespace DcpNas.Protocols.Conformance;

/// <summary>What came out of all cases.</summary>
/// <param name="Cases">The case files.</param>
/// <param name="Random">The random cases, by protocol.</param>
public sealed record ConformanceReport(IReadOnlyList<CaseOutcome> Cases, IReadOnlyList<RandomOutcome> Random)
{
    /// <summary>Cases in which every number agrees.</summary>
    public int Agreed => Cases.Count(one => one.Agrees) + Random.Sum(one => one.Cases - one.Disagreements.Count);

    /// <summary>All cases.</summary>
    public int Total => Cases.Count + Random.Sum(one => one.Cases);

    /// <summary>The report as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["agreed"] = Agreed,
        ["total"] = Total,
        ["tolerance"] = MeasureOutcome.Tolerance,
        ["cases"] = new JsonArray([.. Cases.Select(Write)]),
        ["random"] = new JsonArray([.. Random.Select(one => new JsonObject
        {
            ["protocol"] = one.Protocol,
            ["cases"] = one.Cases,
            ["numbers"] = one.Numbers,
            ["disagreements"] = new JsonArray([.. one.Disagreements.Select(Write)]),
        })]),
    };

    private static JsonObject Write(CaseOutcome one) => new()
    {
        ["name"] = one.Name,
        ["protocol"] = one.Protocol,
        ["agrees"] = one.Agrees,
        ["why"] = one.Why,
        ["notes"] = new JsonArray([.. one.Notes.Select(note => (JsonNode)note)]),
        ["measures"] = new JsonArray([.. one.Measures.Select(measure => new JsonObject
        {
            ["name"] = measure.Name,
            ["expected"] = measure.Expected,
            ["found"] = measure.Found,
            ["reference"] = measure.Reference,
            ["agrees"] = measure.Agrees,
        })]),
    };
}

/// <summary>What came out of the random cases of one protocol.</summary>
/// <param name="Protocol">Its key.</param>
/// <param name="Cases">How many were evaluated.</param>
/// <param name="Numbers">Numbers that were compared.</param>
/// <param name="Disagreements">The cases in which a number differs.</param>
public sealed record RandomOutcome(string Protocol, int Cases, int Numbers, IReadOnlyList<CaseOutcome> Disagreements);
