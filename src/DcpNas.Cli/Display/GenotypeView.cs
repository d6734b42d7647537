using DcpNas.Cost;
using DcpNas.SearchSpace;
using Spectre.Console;

namespace DcpNas.Cli.Display;

/// <summary>Genotypes and costs on stdout.</summary>
internal static class GenotypeView
{
    /// <summary>The text form and both cells, edge by edge.</summary>
    public static void Print(Genotype genotype)
    {
        Terminal.Print($"normal: {genotype.Normal}");
        Terminal.Print($"reduction: {genotype.Reduction}");
        var table = Terminal.NewTable("node", "normal cell", "reduction cell");
        foreach (var (normal, reduction) in genotype.Normal.Edges().Zip(genotype.Reduction.Edges()))
        {
            table.AddPlainRow($"{normal.Node}", Show(normal.Edge), Show(reduction.Edge));
        }

        Terminal.Results.Write(table);
    }

    /// <summary>The totals of a cost, with the network they belong to.</summary>
    public static void Print(CostReport cost)
    {
        Terminal.Print($"{(cost.Geometry.RealWeights ? "Network" : "Final network")}: {cost.Describe()}");
        Print(cost.Summary());
    }

    /// <summary>A table of numbers: the first column is text, the others are flush right.</summary>
    public static void Print(CostTable source)
    {
        var table = Terminal.NewTable(source.Columns);
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var row in source.Rows)
        {
            table.AddPlainRow(row);
        }

        Terminal.Results.Write(table);
    }

    private static string Show(GenotypeEdge edge) => $"{edge.Operation} <- {edge.Input switch { 0 => "c(k-2)", 1 => "c(k-1)", var node => $"node {node}" }}";
}
