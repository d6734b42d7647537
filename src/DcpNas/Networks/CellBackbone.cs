using DcpNas.Binarization;
using DcpNas.Networks.Layers;
using static TorchSharp.torch;

namespace DcpNas.Networks;

/// <summary>The final network of a genotype: exactly the layers that <see cref="SearchSpace.GenotypeCost"/> counts.</summary>
/// <remarks>
/// Stem (real) -> cells, each reading the two before it; reduction cells at floor(L / 3) and floor(2 L / 3). The auxiliary map is the output of
/// the cell floor(2 L / 3), as in DARTS. Every operation normalises its own input, with weight, bias and statistics of its own.
/// </remarks>
internal sealed class CellBackbone : Backbone
{
    private readonly RealUnit[] _stem;
    private readonly Cell[] _cells;
    private readonly int _auxiliaryCell;
    private readonly int[] _lastOfStage;

    public CellBackbone(NetworkDescription description)
        : base(nameof(CellBackbone), description)
    {
        var geometry = description.Geometry(classes: 1);
        var (genotype, precision) = (description.Genotype!, description.Precision);
        _stem = [.. geometry.StemConvolutions().Select(unit =>
            new RealUnit(ConvolutionShape.OfFull(unit.Input.Channels, unit.OutputChannels, unit.Kernel, unit.Stride)))];
        _cells = [.. geometry.Plan().Select(cell => new Cell(cell, cell.IsReduction ? genotype.Reduction : genotype.Normal, precision))];
        register_module("stem", ModuleGroup.Of("stem", _stem));
        register_module("cells", ModuleGroup.Of("cells", _cells));
        _auxiliaryCell = 2 * description.Cells / 3;
        _lastOfStage = [.. Enumerable.Range(0, _cells.Length).Where(cell => cell == _cells.Length - 1 || _cells[cell + 1].IsReduction)];
        Convolutions = [.. _cells.SelectMany(cell => cell.Convolutions)];
        var stride = geometry.StemConvolutions().Aggregate(1, (product, unit) => product * unit.Stride);
        Stages = [.. _lastOfStage.Select(last => new FeatureStage(_cells[last].OutputChannels, stride << _cells.Take(last + 1).Count(cell => cell.IsReduction)))];
        AuxiliaryStage = new FeatureStage(_cells[_auxiliaryCell].OutputChannels, Stages[^1].Stride);
    }

    public override IReadOnlyList<FeatureStage> Stages { get; }

    public override IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    public override FeatureStage? AuxiliaryStage { get; }

    public override BackboneOutput Run(Tensor images)
    {
        CheckImages(images);
        using var scope = NewDisposeScope();
        var (prevPrev, prev) = RunStem(ForFastOperators(images));
        var outputs = new List<Tensor>();
        foreach (var cell in _cells)
        {
            (prevPrev, prev) = (prev, cell.Apply(prevPrev, prev, training ? DropPath : 0));
            outputs.Add(prev);
        }

        return new(
            [.. _lastOfStage.Select(cell => outputs[cell].MoveToOuterDisposeScope())],
            training ? outputs[_auxiliaryCell].alias().MoveToOuterDisposeScope() : null);
    }

    /// <summary>The two inputs of the first cell.</summary>
    private (Tensor Older, Tensor Newer) RunStem(Tensor images)
    {
        var (prevPrev, prev) = (images, images);
        for (var index = 0; index < _stem.Length; index++)
        {
            (prevPrev, prev) = (prev, _stem[index].Apply(index == 0 ? prev : nn.functional.relu(prev)));
        }

        return _stem.Length == 1 ? (prev, prev) : (prevPrev, prev);
    }
}
