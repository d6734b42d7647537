namespace DcpNas.Runtime.Model;

/// <summary>The maximum or the mean of a square window; pixels outside of the image are not counted.</summary>
/// <remarks>
/// The taps are visited by row, then column. Maximum: <c>m = x &gt; m ? x : m</c>, starting with the first tap in the image. Mean: float32 sum, starting
/// at the first tap, divided by the number of taps in the image.
/// </remarks>
public sealed class PoolNode : GraphNode
{
    internal const string MaximumName = "max_pool";
    internal const string AverageName = "average_pool";

    internal PoolNode(string name, string input, bool maximum, int kernel, int stride, int padding, int offset)
        : base(name, [input])
    {
        IsMaximum = maximum;
        Geometry = new ConvolutionGeometry(kernel, stride, padding, Offset: offset);
    }

    /// <summary>Whether the maximum or the mean is taken.</summary>
    public bool IsMaximum { get; }

    /// <summary>Where the taps lie; the padding is at most half the kernel, so that every window meets the image.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <inheritdoc/>
    public override string Type => IsMaximum ? MaximumName : AverageName;

    internal static PoolNode Read(NodeSource source) =>
        new(source.Name, source.Input(), source.Type == MaximumName, source.Integer("kernel"), source.Integer("stride"), source.Integer("padding"), source.Offset());

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs)
    {
        NodeCheck.Count(Place, inputs, 1, 1);
        NodeCheck.Kind(Place, inputs[0], ValueKind.Real);
        NodeCheck.Range(Place, "kernel", Geometry.Kernel, 1, ModelLimits.Kernel);
        NodeCheck.Range(Place, "padding", Geometry.Padding, 0, Geometry.Kernel / 2);
        return Geometry.Apply(Place, inputs[0], ValueKind.Real, inputs[0].Channels);
    }

    internal override void Write(NodeSink sink)
    {
        sink.Attribute("kernel", Geometry.Kernel);
        sink.Attribute("stride", Geometry.Stride);
        sink.Attribute("padding", Geometry.Padding);
        sink.Offset(Geometry);
    }
}
