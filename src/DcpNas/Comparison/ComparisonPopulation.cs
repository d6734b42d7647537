using DcpNas.Data;
using DcpNas.Populations;
using DcpNas.Runs;

namespace DcpNas.Comparison;

/// <summary>The population of a comparison: read and checked once, then kept in the folder, so that reports can be built wherever the table went.</summary>
internal static class ComparisonPopulation
{
    /// <summary>The copy in the folder of a comparison.</summary>
    public const string File = "population.jsonl";

    /// <summary>The population that options name, or null.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="dataset">Its images.</param>
    /// <exception cref="InputException">The table cannot be read or is empty, or its networks learned from other images or otherwise than the options say.</exception>
    public static PopulationTable? Of(ComparisonOptions options, DatasetPair dataset)
    {
        if (options.Population is not { } path)
        {
            return null;
        }

        var table = PopulationTable.Load(path);
        table.DemandTestbed(PopulationTestbed.Of(options.Train, dataset), options.EqualOps ? ["train.channels"] : []);
        _ = table.Accuracy; // refuses a table without networks
        return table;
    }

    /// <summary>Refuses what needs a population where there is none.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="folder">Its folder; need not exist.</param>
    /// <exception cref="OptionsException">Neither the options nor an earlier session name one.</exception>
    public static void DemandWhereNeeded(ComparisonOptions options, string folder)
    {
        if (options is { Rank: true, Population: null } && !System.IO.File.Exists(Path.Combine(folder, File)))
        {
            throw new OptionsException("options", ["rank needs the networks of a population, got none. Name a table with --population, or leave rank out."]);
        }
    }

    /// <summary>Keeps a table in the folder; without one, gives that of an earlier session.</summary>
    public static PopulationTable? Keep(RunFolder folder, PopulationTable? table)
    {
        table?.Save(folder.PathOf(File));
        return table ?? In(folder);
    }

    /// <summary>The table that a folder holds, or null.</summary>
    public static PopulationTable? In(RunFolder folder) => System.IO.File.Exists(folder.PathOf(File)) ? PopulationTable.Load(folder.PathOf(File)) : null;
}
