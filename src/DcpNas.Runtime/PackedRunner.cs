using System.Diagnostics;
using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>Runs a model on images. Holds the memory for it, so that a call allocates nothing once it has seen its largest batch.</summary>
/// <remarks>
/// <para><b>Results</b> are the same bits for every number of threads and every batch size. NaN and infinities in an image are carried through as IEEE 754
/// says; in a <see cref="SignNode"/> NaN is below no threshold.</para>
/// <para><b>Threads.</b> One call at a time: a second thread gets an <see cref="InvalidOperationException"/>. Servers use a <see cref="PackedRunnerPool"/>.</para>
/// </remarks>
public sealed partial class PackedRunner : IDisposable
{
    private readonly ExecutionPlan _plan;
    private readonly PackedRunnerOptions _options;
    private readonly WorkerTeam _team;
    private readonly Workspace?[] _workspaces;
    private readonly Workspace[] _scratch;
    private readonly float[][] _outputs;
    private readonly float[]? _pixelTable;
    private readonly IntegerPixels? _integerPixels;
    private readonly long[]? _layerTicks;
    private readonly int _imageElements;
    private int _busy;
    private bool _disposed;

    /// <summary>Prepares a runner. Runners of one model share its weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Threads and limits, or null for the defaults.</param>
    /// <exception cref="PackedModelException">The values of an image take more memory than the options allow, or the model has no such mode.</exception>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">This processor does not have the instructions asked for.</exception>
    public PackedRunner(PackedModel model, PackedRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _options = options ?? new PackedRunnerOptions();
        _options.Check();
        Model = model;
        _plan = model.Plan(_options);
        _imageElements = (int)model.Graph.Input.Elements;
        _pixelTable = model.Info.Preprocessing is { } preprocessing ? PixelNormalization.Table(preprocessing.Mean, preprocessing.StandardDeviation) : null;
        _integerPixels = _options.Mode == NumericMode.Integer ? new IntegerPixels(model.Info.Integers!.Image, model.Info.Preprocessing!) : null;
        _layerTicks = _options.MeasureLayers ? new long[_plan.Layers.Length] : null;
        _workspaces = new Workspace?[_options.Threads];
        _workspaces[0] = new Workspace(_plan.WorkspaceBytes);
        _scratch = new Workspace[_options.Threads];
        for (var i = 0; i < _scratch.Length; i++)
        {
            _scratch[i] = new Workspace(_plan.ScratchBytes);
        }

        _outputs = new float[model.Graph.Outputs.Count][];
        Array.Fill(_outputs, []);
        _team = new WorkerTeam(_options.Threads, RunWorker);
    }

    /// <summary>The model.</summary>
    public PackedModel Model { get; }

    /// <summary>Images of the last call.</summary>
    public int ImageCount { get; private set; }

    /// <summary>Runs images of numbers that are already normalised. The integer mode, which knows 8-bit pixels alone, takes the nearest pixels.</summary>
    /// <param name="images">One image or several, one after the other, each of height * width * channels numbers.</param>
    /// <param name="layout">The order within each image.</param>
    /// <exception cref="ArgumentException">The length is not that of one image or more.</exception>
    /// <exception cref="InvalidOperationException">Another thread is running this runner.</exception>
    public unsafe void Run(ReadOnlySpan<float> images, PixelLayout layout = PixelLayout.Nhwc)
    {
        fixed (float* source = images)
        {
            Start(images.Length, new Source { Reals = source, Layout = layout });
        }
    }

    /// <summary>Runs images of 8-bit pixels, which the preprocessing of the model turns into numbers.</summary>
    /// <param name="images">One image or several, one after the other, each of exactly the size that the model reads: whoever decodes images scales and crops them.</param>
    /// <param name="layout">The order within each image; the default is that of decoders, RGB RGB RGB.</param>
    /// <exception cref="ArgumentException">The length is not that of one image or more.</exception>
    /// <exception cref="InvalidOperationException">The model has no preprocessing, or another thread is running this runner.</exception>
    public unsafe void Run(ReadOnlySpan<byte> images, PixelLayout layout = PixelLayout.Nhwc)
    {
        if (_pixelTable is null)
        {
            throw new InvalidOperationException("The model has no preprocessing for 8-bit pixels. Normalise them yourself and run numbers.");
        }

        fixed (byte* source = images)
        {
            Start(images.Length, new Source { Pixels = source, Layout = layout });
        }
    }

    /// <summary>A result of the last call: <c>[image][y][x][channel]</c>. Valid until the next call.</summary>
    /// <param name="name">The output.</param>
    /// <exception cref="KeyNotFoundException">The model has no such output; the message lists those it has.</exception>
    public ReadOnlySpan<float> Output(string name)
    {
        var outputs = Model.Graph.Outputs;
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].Name == name)
            {
                return _outputs[i].AsSpan(0, ImageCount * ElementsOf(i));
            }
        }

        throw new KeyNotFoundException($"Unknown output '{name}'. Known outputs: {string.Join(", ", outputs.Select(output => output.Name))}.");
    }

    /// <summary>How long each layer has run since the runner was made, in the order in which they run.</summary>
    /// <exception cref="InvalidOperationException">The runner was made without <see cref="PackedRunnerOptions.MeasureLayers"/>.</exception>
    public IReadOnlyList<LayerTime> LayerTimes => _layerTicks is { } ticks
        ? [.. ticks.Select((count, i) => new LayerTime(_plan.Steps[i].Node.Name, _plan.Steps[i].Type, count / (double)Stopwatch.Frequency))]
        : throw new InvalidOperationException($"Times are kept by a runner with {nameof(PackedRunnerOptions.MeasureLayers)}.");

    /// <summary>Reads a value of the last image, of any kind, in the order <c>[y][x][channel]</c>; bits as -1 and +1.</summary>
    /// <param name="value">The name of the value: <c>image</c> or that of a node.</param>
    /// <param name="destination">At least as long as the value.</param>
    /// <returns>How many numbers were written.</returns>
    /// <exception cref="InvalidOperationException">The runner was made without <see cref="PackedRunnerOptions.KeepValues"/>, or has run nothing.</exception>
    /// <exception cref="KeyNotFoundException">The graph has no such value.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public int ReadValue(string value, Span<float> destination)
    {
        if (!_options.KeepValues || ImageCount == 0)
        {
            throw new InvalidOperationException($"Values can be read after a run of a runner with {nameof(PackedRunnerOptions.KeepValues)}.");
        }

        var shape = Model.Graph.ShapeOf(value);
        if (destination.Length < shape.Elements)
        {
            throw new ArgumentException($"The destination must hold {shape.Elements} numbers, got {destination.Length}.", nameof(destination));
        }

        ValueReader.Read(_workspaces[0]!, _plan.SlotOf(value), _plan.ShapeOf(value), destination);
        return (int)shape.Elements;
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _team.Dispose();
        }
    }

    private int ElementsOf(int output) => (int)_plan.Outputs[output].Shape.Elements;
}

/// <summary>How long a layer ran.</summary>
/// <param name="Node">The node that it runs.</param>
/// <param name="Type">The type of the node; <c>affine+sign</c> where the sign of its result is taken on the way.</param>
/// <param name="Seconds">Wall time of the calling thread over all images since the runner was made, with several threads what it waits for the others included.</param>
public readonly record struct LayerTime(string Node, string Type, double Seconds);
