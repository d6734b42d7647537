using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

/// <summary>Rows of the search space: whatever reads them knows every one.</summary>
public class OperationTableTests
{
    public static TheoryData<string> Operations => [.. OperationNames.All.Where(name => name != OperationNames.None)];

    [Fact]
    public void All_AreToldApart()
    {
        Assert.Equal(OperationNames.None, OperationTable.All[0].Name);
        Assert.Equal(OperationTable.All.Count, OperationTable.All.Select(operation => operation.Name).Distinct().Count());
        Assert.Equal(OperationTable.All.Count, OperationTable.All.Select(operation => operation.ShortName).Distinct().Count());
        Assert.Equal(OperationTable.All.Count, OperationTable.All.Select(operation => operation.Colour).Distinct().Count());
        Assert.Equal(OperationTable.All.Count, OperationTable.All.Select(operation => operation.Form).Distinct().Count());
        Assert.All(OperationTable.All.Select(operation => operation.Form).OfType<OperationForm.Separable>(), form => Assert.Equal(1, form.Kernel % 2));
        Assert.Contains("Unknown operation 'sep_conv_9x9'. Known operations: none, skip_connect,", Assert.Throws<KeyNotFoundException>(() => OperationTable.Of("sep_conv_9x9")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operation_HasATextADrawingAndACost(string name)
    {
        var operation = OperationTable.Of(name);
        var cell = string.Join(' ', Enumerable.Range(2, 4).Select(node => $"n{node}[{operation.ShortName}<-0, {operation.ShortName}<-1]"));
        var genotype = Genotype.Parse($"normal: {cell} | reduction: {cell}");

        Assert.All(genotype.Normal.Edges(), edge => Assert.Equal(name, edge.Edge.Operation));
        Assert.Contains(name, CellDiagram.Svg(genotype.Normal, "cell"), StringComparison.Ordinal);
        var layers = GenotypeCost.Report(genotype, new NetworkGeometry { Channels = 4, Cells = 3, InputHeight = 32, InputWidth = 32, Stem = StemKind.Cifar }).Layers.Where(layer => layer.Name.Contains(".inputs.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(layers);
        if (operation.Form is OperationForm.Separable separable)
        {
            // 24 edges (3 cells of 8), each with a depthwise and a pointwise convolution per block.
            Assert.Equal(24 * 2 * separable.Blocks, layers.Count);
        }
    }

    [Fact]
    public void Separable_OfAnyKernel_CountsItsWeights()
    {
        Assert.All(OperationTable.All.Where(operation => operation.Form is OperationForm.Separable), operation =>
        {
            var form = (OperationForm.Separable)operation.Form;
            using var layers = EdgeOperations.Create(form, new OperationPlace(6, 1, new Precision(BinarizationScheme.Paper)))!;
            Assert.Equal(form.Blocks * ((6 * form.Kernel * form.Kernel) + (6 * 6)), layers.Convolutions.Sum(layer => layer.Weight.numel()));
        });
    }
}
