namespace DcpNas.SearchSpace;

/// <summary>One edge of a discretised cell: which operation is applied to which node.</summary>
/// <param name="Operation">A name of <see cref="OperationNames"/> other than <c>none</c>.</param>
/// <param name="Input">The node that is read: 0 and 1 are the previous cells, 2 to 4 nodes of this one.</param>
public sealed record GenotypeEdge(string Operation, int Input)
{
    /// <summary>The text form, as in <c>sep3&lt;-1</c>.</summary>
    public override string ToString() => $"{GenotypeText.ShortName(Operation)}<-{Input}";
}
