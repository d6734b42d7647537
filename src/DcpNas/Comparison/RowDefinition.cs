using System.Text.Json.Nodes;
using DcpNas.Search;
using DcpNas.Tasks.Classification;

namespace DcpNas.Comparison;

/// <summary>A row of one's own, as the section <c>rows</c> of an options file has it: a base, and what differs from the common options.</summary>
/// <param name="Base">A predefined row (<see cref="ComparisonStrategies"/>), or a genotype: a preset, a file or the text form.</param>
public sealed record RowDefinition(string Base)
{
    /// <summary>Search options that differ from the common ones.</summary>
    [SectionOf(typeof(SearchOptions))]
    public JsonObject Search { get; init; } = [];

    /// <summary>Training options that differ from the common ones.</summary>
    [SectionOf(typeof(TrainOptions))]
    public JsonObject Train { get; init; } = [];

    /// <summary>
    /// Genotypes that are trained briefly to choose among them. <c>random_k</c>: drawn uniformly; null: as many as the primary row pays for. Searches: alpha's own
    /// and draws from alpha, as <c>dcpnas select</c> has it; null: alpha's own is taken as it is.
    /// </summary>
    public int? Candidates { get; init; }

    /// <summary>Epochs of each brief training; null: a quarter of those of the full one.</summary>
    public int? CandidateEpochs { get; init; }

    /// <summary>The object of the file; what is not said is left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { [RowDefinitionJson.BaseKey] = Base };
        foreach (var (key, section) in ((string, JsonObject)[])[(RowDefinitionJson.SearchKey, Search), (RowDefinitionJson.TrainKey, Train)])
        {
            if (section.Count > 0)
            {
                json[key] = section.DeepClone();
            }
        }

        foreach (var (key, number) in ((string, int?)[])[(RowDefinitionJson.CandidatesKey, Candidates), (RowDefinitionJson.CandidateEpochsKey, CandidateEpochs)])
        {
            if (number is { } value)
            {
                json[key] = value;
            }
        }

        return json;
    }
}
