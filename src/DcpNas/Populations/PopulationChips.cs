using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Populations;

/// <summary>What the networks of a population take on a microcontroller: a file in its folder, beside the table, which says nothing of chips.</summary>
/// <param name="Core">The processor.</param>
/// <param name="Networks">What each genotype takes, by its text form.</param>
public sealed record PopulationChips(string Core, IReadOnlyDictionary<string, ChipAmount> Networks)
{
    /// <summary>The file in the folder.</summary>
    public const string File = "chips.json";

    /// <summary>The file of a folder; null where no processor was named.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static PopulationChips? In(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.ReadJson(File) is not { } json)
        {
            return null;
        }

        var part = new JsonPart(json, folder.PathOf(File), "", "Delete the file, and run dcpnas population with --core again.");
        return new(part["core"].Text(), part["networks"].Items().ToDictionary(
            network => network["genotype"].Text(), network => new ChipAmount(network["flash_bytes"].Real(), network["arena_bytes"].Real(), network["instructions"].Real())));
    }

    /// <summary>Measures what is not known of the genotypes of a population, and writes the file.</summary>
    /// <param name="folder">Its folder, whose options say the network; what was measured on the same processor is kept.</param>
    /// <param name="core">The processor.</param>
    /// <param name="genotypes">The genotypes.</param>
    /// <param name="network">The stack that their trainings make of them.</param>
    /// <param name="chips">Measures.</param>
    /// <param name="cancel">Stops between two networks.</param>
    internal static void Write(RunFolder folder, string core, IEnumerable<Genotype> genotypes, NetworkGeometry network, IChipMeter chips, CancellationToken cancel)
    {
        var known = In(folder) is { } before && before.Core == core ? before.Networks : new Dictionary<string, ChipAmount>();
        var all = new Dictionary<string, ChipAmount>(known);
        foreach (var genotype in genotypes.Where(genotype => !all.ContainsKey(genotype.ToString())))
        {
            cancel.ThrowIfCancellationRequested();
            all[genotype.ToString()] = chips.Measure(genotype, network, new(core));
        }

        folder.WriteText(File, JsonFiles.Format(new JsonObject
        {
            ["core"] = core,
            ["networks"] = new JsonArray([.. all.Select(pair => new JsonObject(
                [KeyValuePair.Create("genotype", (JsonNode?)pair.Key), .. pair.Value.Numbers().Select(number => KeyValuePair.Create(number.Key, (JsonNode?)(long)number.Value))]))]),
        }));
    }
}
