using DcpNas.Binarization;
using DcpNas.Cost;

namespace DcpNas.SearchSpace;

/// <summary>Counts what networks of the search space cost at inference, by translating genotypes to layers.</summary>
/// <remarks>
/// <para>The layers, which the trained network has in exactly this form:</para>
/// <list type="bullet">
/// <item>stem: 3x3 convolutions without bias, each with batch normalisation (<see cref="StemKind"/>); real;</item>
/// <item>preprocessing of each cell input: batch normalisation -> 1-bit 1x1 convolution, scale beta -> batch normalisation -> PReLU; a factorised
/// reduce of the older input after a reduction cell (and after the ImageNet stem);</item>
/// <item>block: batch normalisation -> 1-bit depthwise k x k, beta -> batch normalisation -> PReLU -> 1-bit pointwise, beta -> batch
/// normalisation -> + block input where the stride is 1 -> PReLU; <c>sep_conv</c> is two blocks, <c>dil_conv</c> one;</item>
/// <item>strided skip: batch normalisation -> 1-bit factorised reduce, beta -> batch normalisation; other skips cost nothing;</item>
/// <item>pool: 3x3, then batch normalisation;</item>
/// <item>head: global average pooling and a linear classifier with bias; real.</item>
/// </list>
/// <para>Convolutions inside the cells have no bias. Every operation normalises its own input, with weight and bias of its own. Batch normalisation has weight and bias, beta and PReLU one number per channel.
/// DDPNAS_MCN_2 with C = 108, L = 10, 224 x 224 and 1000 classes so has 12,366,000 binary weights and 2,139,886 real parameters: stem
/// convolutions 158,922, stem normalisation 540, classifier 1,729,000, preprocessing 2 x 16,740 + 4 x 5,400, blocks 10 x 18,144, pools 2 x 7,452
/// (each a sum of channels over the network).</para>
/// </remarks>
public static class GenotypeCost
{
    /// <summary>The cost of the network of a genotype, layer by layer.</summary>
    /// <param name="genotype">The cells.</param>
    /// <param name="geometry">The stack.</param>
    /// <exception cref="ArgumentException">The geometry has problems.</exception>
    public static CostReport Report(Genotype genotype, NetworkGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(genotype);
        ArgumentNullException.ThrowIfNull(geometry);
        var plan = geometry.Plan();
        return new CostReport(genotype.ToString(), geometry,
        [
            .. StemLayers(geometry),
            .. plan.SelectMany(cell => CellLayers(cell, cell.IsReduction ? genotype.Reduction : genotype.Normal, geometry)),
            HeadLayer(plan, geometry),
        ]);
    }

    /// <summary>What each choice of a search costs in the final network.</summary>
    /// <param name="geometry">The stack of the final network.</param>
    /// <exception cref="ArgumentException">The geometry has problems.</exception>
    public static SupernetCost Supernet(NetworkGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        var plan = geometry.Plan();
        CostLayer[] common = [.. StemLayers(geometry), .. plan.SelectMany(cell => FixedLayers(cell, geometry)), HeadLayer(plan, geometry)];
        return new SupernetCost(Sum(common), Table(isReduction: false), Table(isReduction: true));

        CostAmount[,] Table(bool isReduction)
        {
            var table = new CostAmount[CellTopology.EdgeCount, OperationNames.All.Count];
            foreach (var cell in plan.Where(cell => cell.IsReduction == isReduction))
            {
                for (var edge = 0; edge < CellTopology.EdgeCount; edge++)
                {
                    for (var operation = 0; operation < OperationNames.All.Count; operation++)
                    {
                        table[edge, operation] += Sum(OperationLayers("", OperationNames.All[operation], cell, CellTopology.EndsOf(edge).Input, geometry));
                    }
                }
            }

            return table;
        }
    }

    /// <summary>The scheme to count a network by that was built under <paramref name="scheme"/>.</summary>
    public static CountingScheme CountedAs(BinarizationScheme scheme) => scheme switch
    {
        BinarizationScheme.None => CountingScheme.None,
        BinarizationScheme.Paper => CountingScheme.Paper,
        BinarizationScheme.Release => CountingScheme.Release,
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown scheme."),
    };

    /// <summary>The exact cost of a genotype from the table of its search; equal to the total of <see cref="Report"/>.</summary>
    public static CostAmount Discretised(this SupernetCost table, Genotype genotype)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(genotype);
        return table.Discretised(Choices(genotype.Normal), Choices(genotype.Reduction));

        static IEnumerable<(int, int)> Choices(CellGenotype cell) =>
            cell.Edges().Select(edge => (edge.EdgeIndex, OperationNames.IndexOf(edge.Edge.Operation)));
    }

    private static CostAmount Sum(IEnumerable<CostLayer> layers) => CostAmount.Sum(layers.Select(layer => layer.Cost));

    private static IEnumerable<CostLayer> StemLayers(NetworkGeometry geometry) =>
        geometry.StemConvolutions().Select((unit, index) => unit.Count($"stem.{index}", CostGroup.Stem));

    private static CostLayer HeadLayer(IReadOnlyList<CellGeometry> plan, NetworkGeometry geometry) => CostLayer.Head("head", plan[^1].Output, geometry.Classes);

    private static IEnumerable<CostLayer> CellLayers(CellGeometry cell, CellGenotype genotype, NetworkGeometry geometry) =>
    [
        .. FixedLayers(cell, geometry),
        .. genotype.Edges().SelectMany(edge =>
            OperationLayers($"cells.{cell.Index}.nodes.{edge.Node}.inputs.{edge.Edge.Input}", edge.Edge.Operation, cell, edge.Edge.Input, geometry)),
    ];

    /// <summary>Preprocessing and the sums of the nodes: what a cell costs whatever its genotype.</summary>
    private static IEnumerable<CostLayer> FixedLayers(CellGeometry cell, NetworkGeometry geometry)
    {
        yield return Reshape($"cells.{cell.Index}.preprocess.0", CostGroup.Preprocess, cell.Older, cell.Channels, cell.ReducesOlder ? 2 : 1, geometry);
        yield return Reshape($"cells.{cell.Index}.preprocess.1", CostGroup.Preprocess, cell.Newer, cell.Channels, 1, geometry);
        for (var node = CellTopology.InputCount; node < CellTopology.PlaceCount; node++)
        {
            yield return CostLayer.NodeSum($"cells.{cell.Index}.nodes.{node}.sum", cell.Node);
        }
    }

    private static CostLayer[] OperationLayers(string name, string operation, CellGeometry cell, int inputNode, NetworkGeometry geometry)
    {
        var stride = CellTopology.Stride(cell.IsReduction ? CellKind.Reduction : CellKind.Normal, inputNode);
        var input = inputNode < CellTopology.InputCount ? cell.Input : cell.Node;
        return OperationTable.Of(operation).Form switch
        {
            OperationForm.Zero => [],
            OperationForm.Identity => stride == 1 ? [] : [Reshape($"{name}.skip", CostGroup.Skip, input, cell.Channels, stride, geometry)],
            OperationForm.Pool => [CostLayer.Pool($"{name}.pool", input, stride)],
            OperationForm.Separable separable => Separable(separable),
            _ => throw new InvalidOperationException($"Bug in DcpNas: operation '{operation}' has no layers."),
        };

        CostLayer[] Separable(OperationForm.Separable form)
        {
            var layers = new List<CostLayer>();
            for (var block = 0; block < form.Blocks; block++)
            {
                layers.AddRange(Block($"{name}.blocks.{block}", block == 0 ? input : layers[^1].Output, form.Kernel, block == 0 ? stride : 1, form.Dilation, geometry));
            }

            return [.. layers];
        }
    }

    private static CostLayer[] Block(string name, FeatureMap input, int kernel, int stride, int dilation, NetworkGeometry geometry)
    {
        var depthwise = new ConvolutionUnit
        {
            Input = input,
            OutputChannels = input.Channels,
            Kernel = kernel,
            Stride = stride,
            Dilation = dilation,
            IsDepthwise = true,
            BinaryWeights = geometry.BinaryWeights,
            BinaryActivations = geometry.Scheme == CountingScheme.Paper,
            NormBefore = true,
            PReluAfter = true,
        };
        var pointwise = new ConvolutionUnit
        {
            Input = depthwise.Output,
            OutputChannels = input.Channels,
            BinaryWeights = geometry.BinaryWeights,
            BinaryActivations = geometry.Scheme != CountingScheme.None,
            Shortcut = stride == 1,
            PReluAfter = true,
        };
        return [depthwise.Count($"{name}.depthwise", CostGroup.Depthwise), pointwise.Count($"{name}.pointwise", CostGroup.Pointwise)];
    }

    /// <summary>A 1x1 convolution, or with stride 2 a factorised reduce, between batch normalisations; preprocessing ends in a PReLU.</summary>
    private static CostLayer Reshape(string name, CostGroup group, FeatureMap input, int channels, int stride, NetworkGeometry geometry) => new ConvolutionUnit
    {
        Input = input,
        OutputChannels = channels,
        Stride = stride,
        IsFactorised = stride == 2,
        BinaryWeights = geometry.BinaryWeights,
        BinaryActivations = geometry.Scheme == CountingScheme.Paper,
        NormBefore = true,
        PReluAfter = group == CostGroup.Preprocess,
    }.Count(name, group);
}
