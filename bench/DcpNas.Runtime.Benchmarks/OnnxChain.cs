using DcpNas.Native;
using DcpNas.Runtime.Kernels;
using Microsoft.ML.OnnxRuntime;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>A chain of equal layers in ONNX Runtime, on one thread that runs nothing else: so many that the change of layout at both ends weighs little.</summary>
internal sealed class OnnxChain : IDisposable
{
    /// <summary>Layers of the chain.</summary>
    public const int Layers = 8;

    /// <summary>Runs that <see cref="RunTurn"/> makes: so many that going to the thread and back weighs nothing.</summary>
    public const int Turn = 64;

    private const int Float = 1;
    private const int Unsigned = 2;
    private const int Signed = 3;

    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    private OnnxChain(OnnxMessage graph, int type, ConvolutionGeometry geometry)
    {
        long[] shape = [1, geometry.Input.Channels, geometry.Input.Height, geometry.Input.Width];
        graph.Add(2, "chain").Add(11, OnnxMessage.Value("x0", type, shape)).Add(12, OnnxMessage.Value($"x{Layers}", type, shape));
        var model = new OnnxMessage().Add(1, 8).Add(7, graph).Add(8, new OnnxMessage().Add(1, "").Add(2, 13));
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        _session = Thread.Run(() => new InferenceSession(model.ToArray(), options));
        _binding = _session.CreateIoBinding();
        var elementType = type == Float ? Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float : Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.UInt8;
        _input = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, elementType, shape);
        _output = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, elementType, shape);
        if (type == Float)
        {
            _input.GetTensorMutableDataAsSpan<float>().Fill(0.5f);
        }
        else
        {
            _input.GetTensorMutableDataAsSpan<byte>().Fill(140);
        }

        _binding.BindInput("x0", _input);
        _binding.BindOutput($"x{Layers}", _output);
    }

    /// <summary>The thread on which <see cref="Run"/> is to be called.</summary>
    public ForeignThread Thread { get; } = new("ONNX Runtime");

    /// <summary>Convolution and ReLU in float32.</summary>
    public static OnnxChain Float32(ConvolutionGeometry geometry)
    {
        var random = new Random(2);
        var graph = new OnnxMessage();
        var (inputs, count) = (geometry.Depthwise ? 1 : geometry.Input.Channels, geometry.OutChannels * geometry.Terms);
        for (var layer = 0; layer < Layers; layer++)
        {
            graph.Add(5, OnnxMessage.Tensor($"w{layer}", Float, [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) / geometry.Terms)], geometry.OutChannels, inputs, geometry.Kernel, geometry.Kernel));
            graph.Add(5, OnnxMessage.Tensor($"b{layer}", Float, new float[geometry.OutChannels], geometry.OutChannels));
            graph.Add(1, OnnxMessage.Node("Conv", [$"x{layer}", $"w{layer}", $"b{layer}"], $"c{layer}", Attributes(geometry)));
            graph.Add(1, OnnxMessage.Node("Relu", [$"c{layer}"], $"x{layer + 1}"));
        }

        return new(graph, Float, geometry);
    }

    /// <summary>Convolution of unsigned activations and signed weights of 8 bits, a scale per channel, ReLU in the clipping.</summary>
    public static OnnxChain Int8(ConvolutionGeometry geometry)
    {
        var random = new Random(3);
        var graph = new OnnxMessage();
        var (inputs, count) = (geometry.Depthwise ? 1 : geometry.Input.Channels, geometry.OutChannels * geometry.Terms);
        graph.Add(5, OnnxMessage.Tensor("scale", Float, [0.02f])).Add(5, OnnxMessage.Tensor("zero", Unsigned, new byte[] { 128 }));
        graph.Add(5, OnnxMessage.Tensor("scales", Float, Enumerable.Repeat(0.01f, geometry.OutChannels).ToArray(), geometry.OutChannels));
        graph.Add(5, OnnxMessage.Tensor("zeros", Signed, new sbyte[geometry.OutChannels], geometry.OutChannels));
        for (var layer = 0; layer < Layers; layer++)
        {
            graph.Add(5, OnnxMessage.Tensor($"w{layer}", Signed, [.. Enumerable.Range(0, count).Select(_ => (sbyte)random.Next(-127, 128))], geometry.OutChannels, inputs, geometry.Kernel, geometry.Kernel));
            graph.Add(5, OnnxMessage.Tensor($"b{layer}", 6, new int[geometry.OutChannels], geometry.OutChannels));
            graph.Add(1, OnnxMessage.Node("QLinearConv", [$"x{layer}", "scale", "zero", $"w{layer}", "scales", "zeros", "scale", "zero", $"b{layer}"], $"x{layer + 1}", Attributes(geometry)));
        }

        return new(graph, Unsigned, geometry);
    }

    /// <summary>Pooling in float32.</summary>
    public static OnnxChain Pool(ConvolutionGeometry geometry, bool average)
    {
        var graph = new OnnxMessage();
        for (var layer = 0; layer < Layers; layer++)
        {
            graph.Add(1, OnnxMessage.Node(
                average ? "AveragePool" : "MaxPool", [$"x{layer}"], $"x{layer + 1}",
                OnnxMessage.Attribute("kernel_shape", [geometry.Kernel, geometry.Kernel]), OnnxMessage.Attribute("pads", [geometry.Padding, geometry.Padding, geometry.Padding, geometry.Padding])));
        }

        return new(graph, Float, geometry);
    }

    /// <summary>Runs the chain.</summary>
    public void Run() => _session.RunWithBinding(_options, _binding);

    /// <summary>Runs the chain <see cref="Turn"/> times on its thread.</summary>
    public void RunTurn() => Thread.Run(() =>
    {
        for (var i = 0; i < Turn; i++)
        {
            Run();
        }
    });

    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _output.Dispose();
        _options.Dispose();
        Thread.Run(_session.Dispose);
        Thread.Dispose();
    }

    private static OnnxMessage[] Attributes(ConvolutionGeometry geometry) =>
    [
        OnnxMessage.Attribute("kernel_shape", [geometry.Kernel, geometry.Kernel]),
        OnnxMessage.Attribute("pads", [geometry.Padding, geometry.Padding, geometry.Padding, geometry.Padding]),
        OnnxMessage.Attribute("dilations", [geometry.Dilation, geometry.Dilation]),
        OnnxMessage.Attribute("group", geometry.Depthwise ? geometry.OutChannels : 1),
    ];
}
