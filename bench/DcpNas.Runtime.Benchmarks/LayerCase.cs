using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>A layer to measure; its output has the size of its input, so that ONNX Runtime can chain it.</summary>
public sealed record LayerCase(int Channels, int Side, int Kernel = 1, int Dilation = 1, bool Depthwise = false)
{
    public static IEnumerable<LayerCase> Dense =>
    [
        new(256, 14, 3), new(512, 7, 3), new(512, 14, 3), new(128, 28, 3), new(64, 56, 3), new(64, 32, 3), new(128, 16, 3), new(64, 8, 3), new(128, 8, 3), new(256, 8, 3), new(16, 32, 3), new(36, 32, 3), new(48, 32, 3),
    ];

    public static IEnumerable<LayerCase> Pointwise =>
    [
        new(512, 7), new(1024, 7), new(256, 14), new(512, 14), new(128, 28), new(64, 56), new(16, 32), new(32, 32), new(36, 32), new(48, 32), new(64, 32), new(72, 16), new(96, 16), new(128, 16), new(144, 8), new(192, 8), new(256, 8),
    ];

    public static IEnumerable<LayerCase> Dilated => [new(256, 14, 3, 2), new(64, 32, 3, 2), new(64, 8, 3, 2)];

    public static IEnumerable<LayerCase> DepthwiseOnes =>
    [
        .. from size in ((int, int)[])[(64, 56), (128, 28), (256, 14), (512, 7), (16, 32), (36, 32), (48, 32), (72, 16), (96, 16), (144, 8), (192, 8)]
           from form in ((int, int)[])[(3, 1), (3, 2), (5, 1), (5, 2)]
           select new LayerCase(size.Item1, size.Item2, form.Item1, form.Item2, Depthwise: true),
    ];

    public override string ToString() =>
        $"{(Depthwise ? "dw " : "")}{Kernel}x{Kernel}{(Dilation > 1 ? $" dil{Dilation}" : "")} {Channels}@{Side}";

    internal ConvolutionGeometry Geometry => new()
    {
        Input = new(Side, Side, Channels),
        OutChannels = Channels,
        Kernel = Kernel,
        Dilation = Dilation,
        Padding = Dilation * (Kernel / 2),
        Depthwise = Depthwise,
    };
}
