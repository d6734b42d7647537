using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Populations;

/// <summary>What the networks of a population take on a microcontroller: a file in its folder, beside the table, which says nothing of chips.</summary>
/// <param name="Target">The processor, and the bits of the numbers between layers.</param>
/// <param name="Networks">What each genotype takes, by its text form.</param>
public sealed record PopulationChips(ChipTarget Target, IReadOnlyDictionary<string, ChipAmount> Networks)
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
        var shortcuts = part["shortcuts"].IsMissing ? ChipTarget.DefaultShortcuts : part["shortcuts"].Whole(); // a file from before there was a choice
        return new(new ChipTarget(part["core"].Text(), shortcuts), part["networks"].Items().ToDictionary(
            network => network["genotype"].Text(), network => new ChipAmount(network["flash_bytes"].Real(), network["arena_bytes"].Real(), network["instructions"].Real())));
    }

    /// <summary>Measures what is not known of the genotypes of a population, and writes the file.</summary>
    /// <param name="folder">Its folder, whose options say the network; what was measured of the same is kept.</param>
    /// <param name="target">What to measure.</param>
    /// <param name="genotypes">The genotypes.</param>
    /// <param name="network">The stack that their trainings make of them.</param>
    /// <param name="chips">Measures.</param>
    /// <param name="cancel">Stops between two networks.</param>
    internal static void Write(RunFolder folder, ChipTarget target, IEnumerable<Genotype> genotypes, NetworkGeometry network, IChipMeter chips, CancellationToken cancel)
    {
        var known = In(folder) is { } before && before.Target == target ? before.Networks : new Dictionary<string, ChipAmount>();
        var all = new Dictionary<string, ChipAmount>(known);
        foreach (var genotype in genotypes.Where(genotype => !all.ContainsKey(genotype.ToString())))
        {
            cancel.ThrowIfCancellationRequested();
            all[genotype.ToString()] = chips.Measure(genotype, network, target);
        }

        folder.WriteText(File, JsonFiles.Format(new JsonObject
        {
            ["core"] = target.Core,
            ["shortcuts"] = target.Shortcuts,
            ["networks"] = new JsonArray([.. all.Select(pair => new JsonObject(
                [KeyValuePair.Create("genotype", (JsonNode?)pair.Key), .. pair.Value.Numbers().Select(number => KeyValuePair.Create(number.Key, (JsonNode?)(long)number.Value))]))]),
        }));
    }
}
