using DcpNas.SearchSpace;

namespace DcpNas.Export.Lowering;

/// <summary>The stack of cells of a genotype.</summary>
internal sealed class CellLowering<T>(NetworkParameters parameters, INetworkEmitter<T> emitter)
    where T : class
{
    private readonly bool _signsBefore = parameters.Description.Precision.BinaryInputs;
    private readonly bool _signsBetween = parameters.Description.Precision.BinaryPointwise;

    /// <summary>The last map of each stage: those before a cell that reduces, and that of the last cell.</summary>
    public IReadOnlyList<T> Run()
    {
        var geometry = parameters.Description.Geometry(classes: 1);
        var (prevPrev, prev) = Stem(geometry.StemConvolutions().Count);
        var genotype = parameters.Description.Genotype!;
        var stages = new List<T>();
        foreach (var cell in geometry.Plan())
        {
            if (cell.IsReduction && cell.Index > 0)
            {
                stages.Add(prev);
            }

            var kind = cell.IsReduction ? CellKind.Reduction : CellKind.Normal;
            (prevPrev, prev) = (prev, Cell($"cells.{cell.Index}", cell.IsReduction ? genotype.Reduction : genotype.Normal, kind, cell.ReducesOlder, prevPrev, prev));
        }

        return [.. stages, prev];
    }

    private (T Older, T Newer) Stem(int count)
    {
        var (prevPrev, prev) = (emitter.Image, emitter.Image);
        for (var index = 0; index < count; index++)
        {
            var name = $"stem.{index}";
            var input = index == count - 1 && count > 1 ? emitter.Relu($"{name}.relu", prev) : prev; // the last two are read as they are, too
            var value = emitter.Convolve(name, input, parameters.Filter($"{name}.convolution"), parameters.Norm($"{name}.norm"), new() { Relu = index < count - 2 });
            (prevPrev, prev) = (prev, value);
        }

        return count == 1 ? (prev, prev) : (prevPrev, prev);
    }

    private T Cell(string name, CellGenotype genotype, CellKind kind, bool reducesPrevPrev, T prevPrev, T prev)
    {
        List<T> states =
        [
            Reshape($"{name}.preprocess.0", prevPrev, reducesPrevPrev ? 2 : 1, activate: true),
            Reshape($"{name}.preprocess.1", prev, 1, activate: true),
        ];
        foreach (var edges in genotype.Nodes)
        {
            var node = $"{name}.nodes.{states.Count}";
            var terms = edges.Select(edge => Edge($"{node}.inputs.{edge.Input}", edge.Operation, CellTopology.Stride(kind, edge.Input), states[edge.Input])).ToArray();
            states.Add(emitter.Add(node, terms[0], terms[1]));
        }

        return emitter.Concat(name, states[CellTopology.InputCount..]);
    }

    private T Edge(string name, string operation, int stride, T input) => OperationTable.Of(operation).Form switch
    {
        OperationForm.Identity => stride == 1 ? input : Reshape(name, input, stride, activate: false),
        OperationForm.Pool pool => emitter.Normalize(name, emitter.Pool($"{name}.pool", input, pool.IsMaximum, stride), parameters.Norm($"{name}.norm")),
        OperationForm.Separable separable => Enumerable.Range(0, separable.Blocks).Aggregate(input, (value, block) => Block($"{name}.blocks.{block}", value, block == 0 ? stride : 1)),
        _ => throw new InvalidOperationException($"Bug in DcpNas: no export of operation '{operation}'."),
    };

    /// <summary>A <see cref="Networks.Layers.ReshapeLayer"/>.</summary>
    public T Reshape(string name, T input, int stride, bool activate)
    {
        var operand = Operand(name, input);
        var (norm, slope) = (parameters.Norm($"{name}.outer_norm"), activate ? parameters.Read($"{name}.slope") : null);
        return stride == 1
            ? emitter.Convolve(name, operand, parameters.Filter($"{name}.pointwise"), norm, new() { Slope = slope })
            : emitter.Reduce(name, operand, parameters.Filter($"{name}.even"), parameters.Filter($"{name}.odd"), norm, slope);
    }

    private T Block(string name, T input, int stride)
    {
        var operand = Operand(name, input);
        var (filter, norm, slope) = (parameters.Filter($"{name}.depthwise"), parameters.Norm($"{name}.inner_norm"), parameters.Read($"{name}.inner_slope"));
        var inner = _signsBetween
            ? emitter.ConvolveToSigns($"{name}.inner", operand, filter, norm, slope)
            : emitter.Convolve($"{name}.inner", operand, filter, norm, new() { Slope = slope });
        return emitter.Convolve(
            name,
            inner,
            parameters.Filter($"{name}.pointwise"),
            parameters.Norm($"{name}.outer_norm"),
            new() { Shortcut = stride == 1 ? input : null, Slope = parameters.Read($"{name}.outer_slope") });
    }

    private T Operand(string name, T input) => _signsBefore
        ? emitter.Signs($"{name}.signs", input, parameters.Norm($"{name}.norm"), null)
        : emitter.Normalize($"{name}.operand", input, parameters.Norm($"{name}.norm"));
}
