using DcpNas.Data;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Ends a search by what the supernet loses without each operation, instead of by alpha's size.</summary>
/// <remarks>
/// On each edge the operation is kept without which the cross entropy of the mixed supernet on held-out images rises most; then, with those operations
/// alone on their edges, each node keeps the two edges without which it rises most. Source: DARTS-PT (arXiv:2108.04392); departure: the supernet is not
/// trained on between two decisions, so that all operations are judged in the same state.
/// </remarks>
public static class PerturbationSelection
{
    private const double Removed = -1e4; // softmax gives exactly 0 in float32

    /// <summary>Mixed evaluations of one selection: an operation of an edge, or an edge, is left out at a time.</summary>
    public static int Evaluations { get; } = 2 * CellTopology.EdgeCount * (1 + GenotypeRules.Operations.Count);

    /// <summary>Chooses the genotype.</summary>
    /// <param name="side">The supernet and its alpha, which stays as it is.</param>
    /// <param name="batches">Held-out images.</param>
    /// <param name="evaluated">Is told of each evaluation, in order.</param>
    /// <param name="cancel">Stops between two evaluations.</param>
    public static Genotype Run(SearchNetworks.Side side, IReadOnlyList<Batch> batches, Action<int> evaluated, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(side);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(evaluated);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var trial = new ArchitectureParameters(side.Architecture.EdgeWeights(CellKind.Normal) is not null);
        trial.CopyFrom(side.Architecture);
        var done = 0;
        CellKind[] kinds = [CellKind.Normal, CellKind.Reduction];
        var kept = kinds.ToDictionary(kind => kind, kind => Enumerable.Range(0, CellTopology.EdgeCount).Select(edge => KeptOperation(kind, edge)).ToArray());
        foreach (var kind in kinds)
        {
            for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
            {
                Only(trial.Alpha(kind), edge, kept[kind][edge]);
            }
        }

        return new Genotype(Cell(CellKind.Normal), Cell(CellKind.Reduction));

        string KeptOperation(CellKind kind, int edge) => GenotypeRules.Operations.MaxBy(name =>
            Without(trial.Alpha(kind), edge, row => row[OperationNames.IndexOf(name)].fill_(Removed)))!;

        CellGenotype Cell(CellKind kind) => new(Enumerable.Range(CellTopology.InputCount, CellTopology.NodeCount).Select(node =>
            Enumerable.Range(0, node)
                .OrderByDescending(input => Without(trial.Alpha(kind), CellTopology.EdgeIndex(node, input), row => OnlyNone(row))) // stable: the lower edge stays first
                .Take(CellTopology.EdgesKeptPerNode)
                .Select(input => new GenotypeEdge(kept[kind][CellTopology.EdgeIndex(node, input)], input))));

        double Without(Tensor alpha, int edge, Action<Tensor> remove)
        {
            cancel.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var row = alpha.select(0, edge);
            var before = row.clone();
            remove(row);
            var loss = CrossEntropy();
            row.copy_(before);
            evaluated(++done);
            return loss;
        }

        double CrossEntropy()
        {
            var (sum, images) = (0.0, 0L);
            foreach (var batch in batches)
            {
                using var inner = NewDisposeScope();
                sum += Objectives.CrossEntropy(side.Network.Logits(batch.Images, trial), batch.Labels).ToDouble() * batch.Labels.shape[0];
                images += batch.Labels.shape[0];
            }

            return sum / images;
        }
    }

    private static void Only(Tensor alpha, int edge, string operation)
    {
        using var row = alpha.select(0, edge);
        row.fill_(Removed);
        using var kept = row[OperationNames.IndexOf(operation)].fill_(0);
    }

    private static void OnlyNone(Tensor row)
    {
        row.fill_(Removed);
        row[OperationNames.IndexOf(OperationNames.None)].fill_(0);
    }
}
