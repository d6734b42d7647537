namespace DcpNas.SearchSpace;

/// <summary>How clearly alpha prefers one operation on an edge.</summary>
/// <remarks>An edge is decided where its winner is twice as probable as it would be among equals, and a tenth more probable than the next operation. A search whose
/// alpha can travel by 1 reaches the first where half of its steps agree; what leads by less than the second is settled by the last few batches.</remarks>
/// <param name="Node">The node that the edge enters, 2 to 5.</param>
/// <param name="Input">The place that it leaves.</param>
/// <param name="Winner">The most probable operation other than <c>none</c>; of equal ones the first in the table.</param>
/// <param name="Probability">Its share of softmax(alpha), over all eight operations.</param>
/// <param name="RunnerUp">The next one, <c>none</c> left out too.</param>
/// <param name="RunnerUpProbability">Its share.</param>
/// <param name="Chosen">The operation that the genotype holds on this edge; null where it does not keep the edge. A budget may choose another one than the winner.</param>
public sealed record EdgeDecision(int Node, int Input, string Winner, double Probability, string RunnerUp, double RunnerUpProbability, string? Chosen)
{
    /// <summary>The probability of each operation while nothing is decided: 1/8.</summary>
    public static readonly double Uniform = 1.0 / OperationNames.All.Count;

    /// <summary>The least probability of the winner of a decided edge: twice <see cref="Uniform"/>.</summary>
    public static readonly double LeastProbability = 2 * Uniform;

    /// <summary>The least lead of a decided edge, as <c>log(p / q)</c>: one operation is a tenth more probable than the other.</summary>
    public const double LeastLead = 0.1;

    /// <summary>By how much the winner is more probable than each operation was at the start; negative below it, where <c>none</c> leads.</summary>
    public double MarginOverUniform => Probability - Uniform;

    /// <summary>By how much the winner is more probable than the next operation; at least 0.</summary>
    public double MarginOverRunnerUp => Probability - RunnerUpProbability;

    /// <summary>Whether the genotype keeps this edge.</summary>
    public bool IsKept => Chosen is not null;

    /// <summary>Whether alpha has decided this edge.</summary>
    public bool IsDecided => Probability >= LeastProbability && Math.Log(Probability / RunnerUpProbability) >= LeastLead;

    /// <summary>Looks at one row of softmax(alpha).</summary>
    /// <param name="edge">The row: an edge of a cell, 0 to 13.</param>
    /// <param name="probabilities">The row, one number per operation.</param>
    /// <param name="chosen">The operation that the genotype holds there, or null.</param>
    public static EdgeDecision Of(int edge, IReadOnlyList<double> probabilities, string? chosen)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var (node, input) = CellTopology.EndsOf(edge);
        var order = GenotypeRules.Operations.Select(name => (Name: name, Probability: probabilities[OperationNames.IndexOf(name)]))
            .OrderByDescending(operation => operation.Probability).ToList(); // stable: of equal ones the first
        return new EdgeDecision(node, input, order[0].Name, order[0].Probability, order[1].Name, order[1].Probability, chosen);
    }
}
