using DcpNas.Cost;
using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>What each choice of a search takes on a chip, about: differences of whole networks that were measured.</summary>
/// <remarks>
/// A choice costs the same on all edges of a place: in normal cells, on the inputs of reduction cells, between their nodes. So one network per place and operation is
/// measured, with that operation on all edges of the place and skips elsewhere, and its difference from the network of skips is divided by the number of edges.
/// Instructions of random genotypes are then within 9 % of their own measurement, flash within 16 % (kernels and tables that a network has once are no sums).
/// RAM is a maximum and no sum: its column says only which operations need room.
/// </remarks>
public sealed class ChipTable
{
    private const string Base = OperationNames.Skip;
    private readonly Dictionary<(Place Place, string Operation), ChipAmount> _extra = [];

    /// <summary>Measures the table.</summary>
    /// <param name="measure">Measures the network of a genotype.</param>
    public ChipTable(Func<Genotype, ChipAmount> measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        Fixed = measure(Probe(Place.Normal, Base));
        foreach (var place in Enum.GetValues<Place>())
        {
            foreach (var operation in GenotypeRules.Operations)
            {
                var probe = Probe(place, operation);
                _extra[(place, operation)] = operation == Base ? default : (measure(probe) - Fixed) / EdgesOf(probe).Count(choice => choice.Place == place);
            }
        }
    }

    private enum Place
    {
        Normal,
        ReductionInput,
        ReductionNode,
    }

    /// <summary>What the network of skips takes.</summary>
    public ChipAmount Fixed { get; }

    /// <summary>What an operation takes beyond a skip, in all cells of the kind together; nothing for <c>none</c>.</summary>
    /// <param name="isReduction">The cell kind.</param>
    /// <param name="edge">Row of alpha.</param>
    /// <param name="operation">Column of alpha.</param>
    public ChipAmount Of(bool isReduction, int edge, int operation) => _extra.GetValueOrDefault((PlaceOf(isReduction, CellTopology.EndsOf(edge).Input), OperationNames.All[operation]));

    /// <summary>One number of the table of a cell kind: edge by operation.</summary>
    public double[,] Of(bool isReduction, Func<ChipAmount, double> number)
    {
        ArgumentNullException.ThrowIfNull(number);
        var table = new double[CellTopology.EdgeCount, OperationNames.All.Count];
        for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
        {
            for (var operation = 0; operation < OperationNames.All.Count; operation++)
            {
                table[edge, operation] = number(Of(isReduction, edge, operation));
            }
        }

        return table;
    }

    /// <summary>What a discretised network takes, about.</summary>
    public ChipAmount Estimate(Genotype genotype)
    {
        ArgumentNullException.ThrowIfNull(genotype);
        return EdgesOf(genotype).Aggregate(Fixed, (sum, choice) => sum + _extra[choice]);
    }

    private static Place PlaceOf(bool isReduction, int input) => !isReduction ? Place.Normal : input < CellTopology.InputCount ? Place.ReductionInput : Place.ReductionNode;

    private static IEnumerable<(Place Place, string Operation)> EdgesOf(Genotype genotype) =>
        genotype.Normal.Edges().Select(choice => (Place.Normal, choice.Edge.Operation))
            .Concat(genotype.Reduction.Edges().Select(choice => (PlaceOf(isReduction: true, choice.Edge.Input), choice.Edge.Operation)));

    private static Genotype Probe(Place place, string operation)
    {
        return new Genotype(Cell(isReduction: false), Cell(isReduction: true));

        CellGenotype Cell(bool isReduction) => new(Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
            ((int[])[0, node - 1]).Select(input => new GenotypeEdge(PlaceOf(isReduction, input) == place ? operation : Base, input))));
    }
}
