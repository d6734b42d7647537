namespace DcpNas.Cost;

/// <summary>One row of the cost table: a convolution with what belongs to it, a pool, a sum or the head.</summary>
/// <param name="Name">Where it stands, for example <c>cells.3.nodes.2.inputs.1.blocks.0.depthwise</c>; nodes as in a genotype, 2 to 5.</param>
/// <param name="Group">The part of the network.</param>
/// <param name="Shape">What it is, for example <c>conv 3x3/2</c>.</param>
/// <param name="Output">The size of its output.</param>
/// <param name="Cost">What it costs.</param>
public sealed record CostLayer(string Name, CostGroup Group, string Shape, FeatureMap Output, CostAmount Cost)
{
    /// <summary>A 3x3 pool with the batch normalisation behind it (weight and bias).</summary>
    /// <param name="name">Where it stands.</param>
    /// <param name="input">Its input.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static CostLayer Pool(string name, FeatureMap input, int stride)
    {
        var output = input.After(input.Channels, stride);
        const int taps = 9;
        return new(name, CostGroup.Pool, Strided("pool 3x3", stride), output,
            new CostAmount { ElementwiseFlops = (taps + 1) * output.Elements, RealParameters = 2L * output.Channels });
    }

    /// <summary>A pool without parameters.</summary>
    /// <param name="name">Where it stands.</param>
    /// <param name="input">Its input.</param>
    /// <param name="kernel">Side of the window, in pixels.</param>
    /// <param name="stride">1 or 2, in pixels.</param>
    public static CostLayer PlainPool(string name, FeatureMap input, int kernel, int stride)
    {
        var output = input.After(input.Channels, stride);
        return new(name, CostGroup.Pool, Strided($"pool {kernel}x{kernel}", stride), output, new CostAmount { ElementwiseFlops = kernel * kernel * output.Elements });
    }

    /// <summary>The sum of the two edges of a node.</summary>
    /// <param name="name">Where it stands.</param>
    /// <param name="output">The node.</param>
    public static CostLayer NodeSum(string name, FeatureMap output) =>
        new(name, CostGroup.Sum, "sum", output, new CostAmount { ElementwiseFlops = output.Elements });

    /// <summary>Global average pooling and the classifier with its bias.</summary>
    /// <param name="name">Where it stands.</param>
    /// <param name="input">The output of the last cell.</param>
    /// <param name="classes">Outputs of the classifier.</param>
    public static CostLayer Head(string name, FeatureMap input, int classes)
    {
        var weights = (long)input.Channels * classes;
        return new(name, CostGroup.Head, "pool, linear", new FeatureMap(classes, 1, 1),
            new CostAmount { RealMacs = weights, ElementwiseFlops = input.Elements + classes, RealParameters = weights + classes });
    }

    internal static string Strided(string shape, int stride) => stride == 1 ? shape : $"{shape}/{stride}";
}
