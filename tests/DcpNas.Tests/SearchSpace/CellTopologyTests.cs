using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

public class CellTopologyTests
{
    [Fact]
    public void EdgeIndex_OverAllNodes_CountsThroughTheEdges()
    {
        var ends = (from node in Enumerable.Range(2, 4) from input in Enumerable.Range(0, node) select (node, input)).ToArray();

        Assert.Equal(Enumerable.Range(0, CellTopology.EdgeCount), ends.Select(end => CellTopology.EdgeIndex(end.node, end.input)));
        Assert.Equal(ends, Enumerable.Range(0, CellTopology.EdgeCount).Select(CellTopology.EndsOf));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(6, 0)]
    [InlineData(3, 3)]
    [InlineData(3, -1)]
    public void EdgeIndex_WithoutSuchAnEdge_Throws(int node, int input) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CellTopology.EdgeIndex(node, input));

    [Theory]
    [InlineData(CellKind.Normal, 0, 1)]
    [InlineData(CellKind.Normal, 4, 1)]
    [InlineData(CellKind.Reduction, 0, 2)]
    [InlineData(CellKind.Reduction, 1, 2)]
    [InlineData(CellKind.Reduction, 2, 1)]
    public void Stride_IsTwoOnlyOnInputsOfReductions(CellKind kind, int input, int stride) => Assert.Equal(stride, CellTopology.Stride(kind, input));
}
