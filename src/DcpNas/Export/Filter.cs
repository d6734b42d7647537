using DcpNas.Binarization;

namespace DcpNas.Export;

/// <summary>The weights of a convolution as a file holds them.</summary>
/// <param name="Name">The path of the layer in the network: <c>cells.0.preprocess.0.pointwise</c>.</param>
/// <param name="Shape">The geometry.</param>
/// <param name="Weight">The latent weights in the order of libtorch; of a 1-bit layer only the signs count.</param>
/// <param name="Beta">The scale per output channel of a 1-bit layer, the very float32 numbers that the network multiplies by; null for real weights.</param>
internal sealed record Filter(string Name, ConvolutionShape Shape, float[] Weight, float[]? Beta)
{
    /// <summary>Products in the sum of one output.</summary>
    public int Terms => Weight.Length / Shape.OutChannels;
}
