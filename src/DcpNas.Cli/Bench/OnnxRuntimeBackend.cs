using DcpNas.Export;
using DcpNas.Inference;
using DcpNas.Native;
using DcpNas.Networks;
using Microsoft.ML.OnnxRuntime;

namespace DcpNas.Cli.Bench;

/// <summary>The real-valued network of the architecture of a packed model, in ONNX Runtime on one thread, which runs nothing else: in float32 or in 8 bits.</summary>
internal sealed class OnnxRuntimeBackend : IReferenceBackend
{
    private static readonly string[] Inputs = [OnnxExporter.Input];
    private readonly byte[] _file;
    private readonly ForeignThread _thread;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtValue _input;
    private readonly string[] _names;
    private readonly OrtValue[] _outputs;

    private OnnxRuntimeBackend(NetworkDescription network, string numbers, byte[] file, float[] images, int batch)
    {
        (Network, Numbers, _file) = (network, numbers, file);
        _thread = new ForeignThread($"ONNX Runtime, {numbers}");
        try
        {
            _session = _thread.Run(() => Open(file));
        }
        catch
        {
            _thread.Dispose();
            throw;
        }

        _input = OrtValue.CreateTensorValueFromMemory(images, [batch, network.ImageChannels, network.ImageHeight, network.ImageWidth]);
        _names = [.. _session.OutputMetadata.Keys];
        _outputs = [.. _session.OutputMetadata.Values.Select(output => Result([batch, .. output.Dimensions.Skip(1).Select(size => (long)size)]))];
    }

    /// <inheritdoc cref="BackendFactory"/>
    public static BackendBuilder Create(ModelFile file)
    {
        var network = ExportedNetwork.Of(file.Model, file.Path);
        return (images, batch) =>
        {
            LibTorch.Load();
            var (counterpart, onnx) = network.ExportFullPrecision();
            return new OnnxRuntimeBackend(counterpart, "float32", onnx, images, batch);
        };
    }

    /// <inheritdoc/>
    public string Name { get; } = $"ONNX Runtime {ForeignThread.RunOnce(() => OrtEnv.Instance().GetVersionString())}";

    /// <inheritdoc/>
    public NetworkDescription Network { get; }

    /// <summary><c>float32</c> or <c>int8</c>.</summary>
    public string Numbers { get; }

    /// <inheritdoc/>
    public long Bytes => _file.Length;

    /// <inheritdoc/>
    public void Run() => _session.Run(_run, Inputs, [_input], _names, _outputs);

    /// <inheritdoc/>
    public T Measure<T>(Func<T> measurement) => _thread.Run(measurement);

    /// <inheritdoc/>
    public IReferenceBackend Quantize(float[] images, int batch)
    {
        var quantizer = new OnnxQuantizer(_file);
        var ranges = new Dictionary<string, (float Least, float Most)>(StringComparer.Ordinal) { [OnnxExporter.Input] = RangeOf(images) };
        string[] names = [.. quantizer.Activations.Where(name => name != OnnxExporter.Input)];
        var file = quantizer.Calibration();
        _thread.Run(() =>
        {
            using var session = Open(file);
            using var results = session.Run(_run, Inputs, [_input], names);
            for (var i = 0; i < names.Length; i++)
            {
                ranges[names[i]] = RangeOf(results[i].GetTensorDataAsSpan<float>());
            }
        });
        return new OnnxRuntimeBackend(Network, "int8", quantizer.Quantize(ranges), images, batch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_outputs, output => output.Dispose());
        _input.Dispose();
        _run.Dispose();
        _thread.Run(_session.Dispose);
        _thread.Dispose();
    }

    private static (float Least, float Most) RangeOf(ReadOnlySpan<float> numbers)
    {
        var (least, most) = (float.MaxValue, float.MinValue);
        foreach (var number in numbers)
        {
            (least, most) = (float.Min(least, number), float.Max(most, number));
        }

        return (least, most);
    }

    private static InferenceSession Open(byte[] file)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        return new InferenceSession(file, options);
    }

    private static OrtValue Result(long[] sizes) => OrtValue.CreateTensorValueFromMemory(new float[sizes.Aggregate(1L, (product, size) => product * size)], sizes);
}
