using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Graph;

namespace DcpNas.Networks;

/// <summary>ReActNet-A, arXiv:2003.03488: MobileNet-v1 with 1-bit 3x3 and 1x1 convolutions, each with its own shortcut, RSign and RPReLU.</summary>
/// <remarks>
/// Stem: 3x3 to C channels, of stride 2 (ImageNet, half) or 1 (CIFAR), BN; real. Body: 13 blocks to 2C, 4C x 2, 8C x 2, 16C x 6, 32C x 2 channels;
/// a block to 4C, 8C, 16C or 32C for the first time is strided. Small images so end at 1/16 of their size, large ones at 1/32. Block: a 3x3 unit that keeps the
/// channels, then a 1x1 unit that keeps or doubles them (<see cref="NetworkUnits.ReAct"/>).
/// The real-valued counterpart leaves out the sign; its PReLUs remain.
/// </remarks>
internal sealed class ReActNet(NetworkDescription description) : INetworkGraph
{
    private static readonly int[] Widths = [2, 4, 4, 8, 8, 16, 16, 16, 16, 16, 16, 32, 32];

    public NetworkOutputs<T> Read<T>(INetworkReader<T> reader, T image)
        where T : class
    {
        var (precision, channels) = (description.Precision, description.Channels);
        var value = NetworkUnits.Real(
            reader, "stem", image, ConvolutionShape.OfFull(description.ImageChannels, channels, 3, description.Stem == StemKind.Cifar ? 1 : 2), CostGroup.Stem);
        var stages = new List<T>();
        for (var block = 0; block < Widths.Length; block++)
        {
            var (name, outputs) = ($"blocks.{block}", Widths[block] * description.Channels);
            var isStrided = block > 0 && outputs != channels;
            if (isStrided)
            {
                stages.Add(value);
            }

            var spatial = ConvolutionShape.OfFull(channels, channels, 3, isStrided ? 2 : 1);
            var pointwise = ConvolutionShape.OfPointwise(channels, outputs);
            value = NetworkUnits.ReAct(reader, $"{name}.spatial", value, spatial, precision, CostGroup.Full, pool: $"{name}.pool");
            value = NetworkUnits.ReAct(reader, $"{name}.pointwise", value, pointwise, precision, CostGroup.Pointwise, pool: $"{name}.pool");
            channels = outputs;
        }

        return new([.. stages, value]);
    }
}
