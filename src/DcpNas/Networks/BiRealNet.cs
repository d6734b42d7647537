using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Graph;

namespace DcpNas.Networks;

/// <summary>A ResNet whose every 3x3 convolution of the body is 1-bit and has its own shortcut: Bi-Real-Net, arXiv:1808.00278.</summary>
/// <remarks>
/// Stem: 3x3 (CIFAR; half: of stride 2) or 7x7 of stride 2 (ImageNet) to C channels, BN, and for ImageNet a 3x3 maximum of stride 2; real.
/// Body: stages of C, 2C, 4C ... channels, the first unit of all stages but the first strided. Bi-Real-Net-18 has four stages of four units, the ResNet-20 for
/// small images (arXiv:1512.03385) three of six. Unit: sign -> 3x3 -> BN -> + shortcut; where the unit
/// is strided, the shortcut is a 2x2 mean -> real 1x1 convolution -> BN.
/// The real-valued counterpart has, in place of the sign, the clip to [-1, 1] with which the paper trains its real network; without one it would be linear.
/// </remarks>
/// <param name="description">The network.</param>
/// <param name="stages">Its stages.</param>
/// <param name="unitsPerStage">The units, and so 1-bit convolutions, of each.</param>
internal sealed class BiRealNet(NetworkDescription description, int stages, int unitsPerStage) : INetworkGraph
{
    public NetworkOutputs<T> Read<T>(INetworkReader<T> reader, T image)
        where T : class
    {
        var (isLarge, stride) = (description.Stem == StemKind.ImageNet, description.Stem == StemKind.Cifar ? 1 : 2);
        var channels = description.Channels;
        var stem = ConvolutionShape.OfFull(description.ImageChannels, channels, isLarge ? 7 : 3, stride);
        var value = NetworkUnits.Real(reader, "stem", image, stem, CostGroup.Stem);
        value = isLarge ? reader.Pool("stem", value, new(Maximum: true, Stride: 2, Norm: null, Row: "pool")) : value;
        var outcomes = new List<T>();
        for (var index = 0; index < stages * unitsPerStage; index++)
        {
            var (stage, isFirst) = (index / unitsPerStage, index % unitsPerStage == 0);
            var outputs = description.Channels << stage;
            value = Unit(reader, $"units.{index}", value, ConvolutionShape.OfFull(channels, outputs, 3, stage > 0 && isFirst ? 2 : 1));
            channels = outputs;
            if (index % unitsPerStage == unitsPerStage - 1)
            {
                outcomes.Add(value);
            }
        }

        return new(outcomes);
    }

    private T Unit<T>(INetworkReader<T> reader, string name, T input, ConvolutionShape shape)
        where T : class
    {
        var operand = reader.Operand(name, input, new() { Sign = NetworkUnits.InputSign(description.Precision) });
        return reader.Convolve(name, operand, new()
        {
            Filter = new($"{name}.convolution", shape, description.Precision),
            Norm = $"{name}.norm",
            Row = new($"{name}.convolution", CostGroup.Full),
            Shortcut = () => shape.Stride == 1 ? input : Halved(),
        });

        T Halved() => NetworkUnits.Real(
            reader,
            $"{name}.shortcut",
            reader.Halve(name, input, $"{name}.pool"),
            ConvolutionShape.OfPointwise(shape.InChannels, shape.OutChannels),
            CostGroup.Shortcut);
    }
}
