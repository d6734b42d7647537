using DcpNas.Binarization;
using DcpNas.Export;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks.Classification;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace DcpNas.Cli.Bench;

/// <summary>The real-valued network of the architecture of a packed model, in ONNX Runtime on one thread.</summary>
internal sealed class OnnxOpponent : IDisposable
{
    private static readonly string[] Inputs = [OnnxExporter.Input];
    private static readonly string[] Outputs = [OnnxExporter.Output];
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    /// <summary>Builds the network and prepares it.</summary>
    /// <param name="model">The packed model.</param>
    /// <param name="images">Normalised images, <c>[N, C, H, W]</c>.</param>
    /// <param name="batch">N.</param>
    /// <exception cref="InputException">The model is none that has a real-valued network of its architecture.</exception>
    public OnnxOpponent(PackedModel model, float[] images, int batch)
    {
        LibTorch.Load();
        var classes = PackedArchitecture.Classes(model);
        Network = PackedArchitecture.Recover(model) with { Scheme = BinarizationScheme.None };
        var bytes = Export(Network, classes);
        Bytes = bytes.Length;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(bytes, options);
        var input = model.Graph.Input;
        _input = OrtValue.CreateTensorValueFromMemory(images, [batch, input.Channels, input.Height, input.Width]);
        Logits = new float[batch * classes];
        _output = OrtValue.CreateTensorValueFromMemory(Logits, [batch, classes]);
    }

    /// <summary>Name and version.</summary>
    public static string Name => $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";

    /// <summary>The network.</summary>
    public NetworkDescription Network { get; }

    /// <summary>Size of the ONNX file.</summary>
    public long Bytes { get; }

    /// <summary>What the last call gave.</summary>
    public float[] Logits { get; }

    /// <summary>Runs the images.</summary>
    public void Run() => _session.Run(_run, Inputs, [_input], Outputs, [_output]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private static byte[] Export(NetworkDescription description, int classes)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var backbone = NetworkCatalog.Create(description);
        using var head = new LinearHead(backbone.FeatureCount, classes);
        return OnnxExporter.Export(backbone, head, new Runtime.ModelInfo { Producer = "dcpnas bench" });
    }
}
