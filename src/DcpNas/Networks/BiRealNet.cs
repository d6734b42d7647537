using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks.Graph;

namespace DcpNas.Networks;

/// <summary>Bi-Real-Net-18, arXiv:1808.00278: a ResNet-18 whose every 3x3 convolution of the body is 1-bit and has its own shortcut.</summary>
/// <remarks>
/// Stem: 3x3 (CIFAR; half: of stride 2) or 7x7 of stride 2 (ImageNet) to C channels, BN, and for ImageNet a 3x3 maximum of stride 2; real.
/// Body: 16 units in four stages of C, 2C, 4C, 8C channels, the first unit of stages 2 to 4 strided. Unit: sign -> 3x3 -> BN -> + shortcut; where the unit
/// is strided, the shortcut is a 2x2 mean -> real 1x1 convolution -> BN.
/// The real-valued counterpart has, in place of the sign, the clip to [-1, 1] with which the paper trains its real network; without one it would be linear.
/// </remarks>
internal sealed class BiRealNet(NetworkDescription description) : INetworkGraph
{
    private const int UnitsPerStage = 4;

    public NetworkOutputs<T> Read<T>(INetworkReader<T> reader, T image)
        where T : class
    {
        var (isLarge, stride) = (description.Stem == StemKind.ImageNet, description.Stem == StemKind.Cifar ? 1 : 2);
        var channels = description.Channels;
        var stem = ConvolutionShape.OfFull(description.ImageChannels, channels, isLarge ? 7 : 3, stride);
        var value = NetworkUnits.Real(reader, "stem", image, stem, CostGroup.Stem);
        value = isLarge ? reader.Pool("stem", value, new(Maximum: true, Stride: 2, Norm: null, Row: "pool")) : value;
        var stages = new List<T>();
        for (var index = 0; index < 4 * UnitsPerStage; index++)
        {
            var (stage, isFirst) = (index / UnitsPerStage, index % UnitsPerStage == 0);
            var outputs = description.Channels << stage;
            value = Unit(reader, $"units.{index}", value, ConvolutionShape.OfFull(channels, outputs, 3, stage > 0 && isFirst ? 2 : 1));
            channels = outputs;
            if (index % UnitsPerStage == UnitsPerStage - 1)
            {
                stages.Add(value);
            }
        }

        return new(stages);
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
