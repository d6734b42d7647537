using DcpNas.SearchSpace;

namespace DcpNas.Export.Walks;

/// <summary>The stack of cells of a genotype.</summary>
internal sealed class CellWalk<T>(NetworkParameters parameters, INetworkSink<T> sink)
    where T : class
{
    private readonly bool _signsBefore = parameters.Description.Precision.BinaryInputs;
    private readonly bool _signsBetween = parameters.Description.Precision.BinaryPointwise;

    /// <summary>The last map of each stage: those before a cell that reduces, and that of the last cell.</summary>
    public IReadOnlyList<T> Run()
    {
        var geometry = parameters.Description.Geometry(classes: 1);
        var (older, newer) = Stem(geometry.StemConvolutions().Count);
        var genotype = parameters.Description.Genotype!;
        var stages = new List<T>();
        foreach (var cell in geometry.Plan())
        {
            if (cell.IsReduction && cell.Index > 0)
            {
                stages.Add(newer);
            }

            var kind = cell.IsReduction ? CellKind.Reduction : CellKind.Normal;
            (older, newer) = (newer, Cell($"cells.{cell.Index}", cell.IsReduction ? genotype.Reduction : genotype.Normal, kind, cell.ReducesOlder, older, newer));
        }

        return [.. stages, newer];
    }

    private (T Older, T Newer) Stem(int count)
    {
        var (older, newer) = (sink.Image, sink.Image);
        for (var index = 0; index < count; index++)
        {
            var name = $"stem.{index}";
            var input = index == count - 1 && count > 1 ? sink.Relu($"{name}.relu", newer) : newer; // the last two are read as they are, too
            var value = sink.Convolve(name, input, parameters.Filter($"{name}.convolution"), parameters.Norm($"{name}.norm"), new() { Relu = index < count - 2 });
            (older, newer) = (newer, value);
        }

        return count == 1 ? (newer, newer) : (older, newer);
    }

    private T Cell(string name, CellGenotype genotype, CellKind kind, bool reducesOlder, T older, T newer)
    {
        List<T> places =
        [
            Reshape($"{name}.preprocess.0", older, reducesOlder ? 2 : 1, activate: true),
            Reshape($"{name}.preprocess.1", newer, 1, activate: true),
        ];
        foreach (var edges in genotype.Nodes)
        {
            var node = $"{name}.nodes.{places.Count}";
            var terms = edges.Select(edge => Edge($"{node}.inputs.{edge.Input}", edge.Operation, CellTopology.Stride(kind, edge.Input), places[edge.Input])).ToArray();
            places.Add(sink.Add(node, terms[0], terms[1]));
        }

        return sink.Concat(name, places[CellTopology.InputCount..]);
    }

    private T Edge(string name, string operation, int stride, T input) => OperationTable.Of(operation).Form switch
    {
        OperationForm.Identity => stride == 1 ? input : Reshape(name, input, stride, activate: false),
        OperationForm.Pool pool => sink.Normalize(name, sink.Pool($"{name}.pool", input, pool.IsMaximum, stride), parameters.Norm($"{name}.norm")),
        OperationForm.Separable separable => Enumerable.Range(0, separable.Blocks).Aggregate(input, (value, block) => Block($"{name}.blocks.{block}", value, block == 0 ? stride : 1)),
        _ => throw new InvalidOperationException($"Bug in DcpNas: no export of operation '{operation}'."),
    };

    /// <summary>A <see cref="Networks.Layers.ReshapeLayer"/>.</summary>
    public T Reshape(string name, T input, int stride, bool activate)
    {
        var operand = Operand(name, input);
        var (norm, slope) = (parameters.Norm($"{name}.outer_norm"), activate ? parameters.Read($"{name}.slope") : null);
        return stride == 1
            ? sink.Convolve(name, operand, parameters.Filter($"{name}.pointwise"), norm, new() { Slope = slope })
            : sink.Reduce(name, operand, parameters.Filter($"{name}.even"), parameters.Filter($"{name}.odd"), norm, slope);
    }

    private T Block(string name, T input, int stride)
    {
        var operand = Operand(name, input);
        var (filter, norm, slope) = (parameters.Filter($"{name}.depthwise"), parameters.Norm($"{name}.inner_norm"), parameters.Read($"{name}.inner_slope"));
        var inner = _signsBetween
            ? sink.ConvolveToSigns($"{name}.inner", operand, filter, norm, slope)
            : sink.Convolve($"{name}.inner", operand, filter, norm, new() { Slope = slope });
        return sink.Convolve(
            name,
            inner,
            parameters.Filter($"{name}.pointwise"),
            parameters.Norm($"{name}.outer_norm"),
            new() { Shortcut = stride == 1 ? input : null, Slope = parameters.Read($"{name}.outer_slope") });
    }

    private T Operand(string name, T input) => _signsBefore
        ? sink.Signs($"{name}.signs", input, parameters.Norm($"{name}.norm"), null)
        : sink.Normalize($"{name}.operand", input, parameters.Norm($"{name}.norm"));
}
