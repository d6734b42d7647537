using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>The genotypes that a search has scored, the best first, as a file of its run; a selection takes its candidates from there.</summary>
public static class ScoredGenotypes
{
    /// <summary>Edges, of 16, in which candidates differ from each other where there are enough that do: neighbours train alike, and tell a selection little.</summary>
    public const int FewestDifferences = 5;

    private const string RowsKey = "rows";

    /// <summary>Writes them into the folder of the search.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="ranked">The genotypes, the best first.</param>
    public static void Write(RunFolder folder, IReadOnlyList<ScoredGenotype> ranked)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(ranked);
        folder.WriteText(RunFiles.Scored, JsonFiles.Format(new JsonObject
        {
            [RowsKey] = new JsonArray([.. ranked.Select(scored => new JsonObject
            {
                ["genotype"] = scored.Genotype.ToString(),
                ["top1"] = scored.Score.Top1,
                ["loss"] = scored.Score.CrossEntropy,
                ["parent_loss"] = scored.Parent?.CrossEntropy,
            })]),
        }));
    }

    /// <summary>The genotypes in the folder of a search, the best first; empty where it has scored none.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static IReadOnlyList<Genotype> Read(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = folder.PathOf(RunFiles.Scored);
        if (!File.Exists(path))
        {
            return [];
        }

        return [.. (JsonFiles.ReadObject(path)[RowsKey] as JsonArray ?? throw Broken(path, RowsKey, "a list")).Select((row, index) =>
            row?["genotype"] is JsonValue text && text.TryGetValue<string>(out var genotype) ? Genotype.Parse(genotype) : throw Broken(path, $"{RowsKey}[{index}].genotype", "a genotype"))];
    }

    /// <summary>The best of a ranking that differ from each other in <see cref="FewestDifferences"/> edges, or in as many as leaves enough of them.</summary>
    /// <param name="ranked">Genotypes, the best first.</param>
    /// <param name="count">How many are asked for.</param>
    public static IReadOnlyList<Genotype> Diverse(IReadOnlyList<Genotype> ranked, int count)
    {
        ArgumentNullException.ThrowIfNull(ranked);
        var chosen = new List<Genotype>();
        for (var least = FewestDifferences; least > 0 && chosen.Count < count; least--)
        {
            foreach (var genotype in ranked)
            {
                if (chosen.Count < count && chosen.All(other => Differences(genotype, other) >= least))
                {
                    chosen.Add(genotype);
                }
            }
        }

        return chosen;
    }

    private static int Differences(Genotype a, Genotype b) => a.Normal.Edges().Except(b.Normal.Edges()).Count() + a.Reduction.Edges().Except(b.Reduction.Edges()).Count();

    private static InputException Broken(string path, string where, string expected) =>
        InputException.InFile(path, where, expected, "something else", $"Delete {RunFiles.Genotype} and run the search again: it ends anew from its checkpoint.");
}
