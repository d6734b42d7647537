using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Graph;
using DcpNas.SearchSpace;

namespace DcpNas.Networks;

/// <summary>The final network of a genotype: DCP-NAS (4.27) with the two edges that each node keeps.</summary>
/// <remarks>
/// <para>Stem (real) -> cells, each reading the two before it; reduction cells at floor(L / 3) and floor(2 L / 3). The auxiliary map is the output of
/// the cell floor(2 L / 3), as in DARTS. Every operation normalises its own input, with weight, bias and statistics of its own.
/// Convolutions have no bias.</para>
/// <list type="bullet">
/// <item>stem: 3x3 convolutions, each with batch normalisation (<see cref="StemKind"/>);</item>
/// <item>preprocessing of each cell input: <see cref="NetworkUnits.Reshape"/> with a PReLU, a factorised reduce of `prev_prev` after a reduction cell
/// (and after the ImageNet stem);</item>
/// <item>block: BN -> [sign] -> depthwise k x k -> BN -> PReLU -> [sign] -> pointwise -> BN -> + block input where the stride is 1 -> PReLU, that of the
/// authors' released network; <c>sep_conv</c> is two blocks, the first strided, <c>dil_conv</c> one. Which signs there are is
/// <see cref="BinarizationScheme"/>;</item>
/// <item>strided skip: a factorised reduce without PReLU; other skips are the identity;</item>
/// <item>pool: 3x3, then batch normalisation.</item>
/// </list>
/// </remarks>
internal sealed class CellNetwork(Genotype genotype, NetworkGeometry geometry, Precision precision) : INetworkGraph
{
    public NetworkOutputs<T> Read<T>(INetworkReader<T> reader, T image)
        where T : class
    {
        var (prevPrev, prev) = Stem(reader, image);
        var (stages, outputs) = (new List<T>(), new List<T>());
        foreach (var cell in geometry.Plan())
        {
            if (cell.IsReduction && cell.Index > 0)
            {
                stages.Add(prev);
            }

            (prevPrev, prev) = (prev, Cell(reader, cell, prevPrev, prev));
            outputs.Add(prev);
        }

        return new([.. stages, prev], outputs[2 * geometry.Cells / 3]);
    }

    /// <summary>One operation on an edge of a cell.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="name">The edge.</param>
    /// <param name="operation">A name of <see cref="OperationNames"/>, not <c>none</c>.</param>
    /// <param name="channels">Channels of a node.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    /// <param name="precision">What is 1-bit.</param>
    /// <param name="input">The value that the edge reads.</param>
    public static T Edge<T>(INetworkReader<T> reader, string name, string operation, int channels, int stride, Precision precision, T input)
        where T : class => OperationTable.Of(operation).Form switch
        {
            OperationForm.Identity when stride == 1 => input,
            OperationForm.Identity => NetworkUnits.Reshape(
                reader, name, input, ConvolutionShape.OfPointwise(channels, channels, stride), activate: false, precision, new($"{name}.skip", CostGroup.Skip)),
            OperationForm.Pool pool => reader.Pool(name, input, new(pool.IsMaximum, stride, $"{name}.norm", $"{name}.pool")),
            OperationForm.Separable form => Enumerable.Range(0, form.Blocks).Aggregate(input, (value, block) => Block(
                reader,
                $"{name}.blocks.{block}",
                value,
                ConvolutionShape.OfDepthwise(channels, form.Kernel, block == 0 ? stride : 1, form.Dilation),
                precision)),
            _ => throw new InvalidOperationException($"Bug in DcpNas: operation '{operation}' has no layers."),
        };

    /// <summary>One cell.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="cell">Its place.</param>
    /// <param name="prevPrev">The output of the cell before the last.</param>
    /// <param name="prev">Of the last cell.</param>
    internal T Cell<T>(INetworkReader<T> reader, CellGeometry cell, T prevPrev, T prev)
        where T : class
    {
        var (name, kind) = ($"cells.{cell.Index}", cell.IsReduction ? CellKind.Reduction : CellKind.Normal);
        List<T> states = [Preprocess(0, prevPrev, cell.PrevPrev.Channels, cell.ReducesPrevPrev ? 2 : 1), Preprocess(1, prev, cell.Prev.Channels, 1)];
        foreach (var edges in (cell.IsReduction ? genotype.Reduction : genotype.Normal).Nodes)
        {
            var node = $"{name}.nodes.{states.Count}";
            var terms = edges.Select(edge => Path($"{node}.inputs.{edge.Input}", edge)).ToArray();
            states.Add(reader.Add(node, terms[0], terms[1]));
        }

        return reader.Concat(name, states[CellTopology.InputCount..]);

        T Preprocess(int index, T input, int channels, int stride) => NetworkUnits.Reshape(
            reader, $"{name}.preprocess.{index}", input, ConvolutionShape.OfPointwise(channels, cell.Channels, stride), activate: true, precision,
            new($"{name}.preprocess.{index}", CostGroup.Preprocess));

        GraphPath<T> Path(string edgeName, GenotypeEdge edge)
        {
            var (input, stride) = (states[edge.Input], CellTopology.Stride(kind, edge.Input));
            var value = Edge(reader, edgeName, edge.Operation, cell.Channels, stride, precision, input);
            return new(value, CanDrop: value != input); // all but the identity, as in DARTS
        }
    }

    /// <summary>The two inputs of the first cell.</summary>
    private (T PrevPrev, T Prev) Stem<T>(INetworkReader<T> reader, T image)
        where T : class
    {
        var (prevPrev, prev) = (image, image);
        var units = geometry.StemConvolutions();
        for (var index = 0; index < units.Count; index++)
        {
            var (name, unit) = ($"stem.{index}", units[index]);
            var input = index == units.Count - 1 && index > 0 ? reader.Relu($"{name}.relu", prev) : prev; // the last two are read as they are, too
            var shape = ConvolutionShape.OfFull(unit.Input.Channels, unit.OutputChannels, unit.Kernel, unit.Stride);
            (prevPrev, prev) = (prev, NetworkUnits.Real(reader, name, input, shape, CostGroup.Stem, relu: index < units.Count - 2));
        }

        return units.Count == 1 ? (prev, prev) : (prevPrev, prev);
    }

    private static T Block<T>(INetworkReader<T> reader, string name, T input, ConvolutionShape depthwise, Precision precision)
        where T : class
    {
        var operand = reader.Operand(name, input, new() { Sign = NetworkUnits.InputSign(precision), Norm = $"{name}.norm" });
        var pointwise = ConvolutionShape.OfPointwise(depthwise.InChannels, depthwise.OutChannels);
        var spec = new SeparableSpec(
            new($"{name}.depthwise", depthwise, precision),
            $"{name}.inner_norm",
            $"{name}.inner_slope",
            precision.BinaryPointwise ? precision.Activations : null,
            new($"{name}.pointwise", pointwise, precision),
            $"{name}.outer_norm",
            $"{name}.outer_slope");
        return reader.Separable(name, operand, spec, depthwise.Stride == 1 ? input : null);
    }
}
