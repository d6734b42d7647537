using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>Where the taps of a convolution on integers lie.</summary>
/// <param name="Geometry">The taps.</param>
/// <param name="Depthwise">Whether each channel has its own filter.</param>
internal readonly record struct IntegerFilter(ConvolutionGeometry Geometry, bool Depthwise)
{
    /// <summary>That of a fully connected layer.</summary>
    public static IntegerFilter Pointwise { get; } = new(ConvolutionGeometry.Pointwise, false);

    public static IntegerFilter Of(ConvolutionNode node) => new(node.Geometry, node.Depthwise);
}
