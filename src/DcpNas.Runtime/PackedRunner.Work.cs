using System.Diagnostics;
using DcpNas.Runtime.Layers;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <content>What the workers do.</content>
public sealed partial class PackedRunner
{
    private Source _source;
    private int _count;
    private int _sharedFrom;

    private unsafe void Start(int length, Source images)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (length == 0 || length % _imageElements != 0)
        {
            throw new ArgumentException(
                $"Images must have a multiple of {_imageElements} elements ({Model.Graph.Input.Height} x {Model.Graph.Input.Width} x {Model.Graph.Input.Channels}), got {length}.", nameof(images));
        }

        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException("A runner runs one call at a time. Use one per thread, or a PackedRunnerPool.");
        }

        var count = length / _imageElements;
        var start = RuntimeTelemetry.StartOfRun();
        using var activity = RuntimeTelemetry.StartRun(count, _options.Mode);
        try
        {
            ImageCount = 0; // no results while they change
            Reserve(count);
            _source = images;
            _team.Run();
            ImageCount = count;
            RuntimeTelemetry.EndRun(start, count, _options.Mode);
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
        finally
        {
            _source = default;
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Makes room for the results, and decides which images are divided among the workers and which are shared by all.</summary>
    private void Reserve(int count)
    {
        for (var i = 0; i < _outputs.Length; i++)
        {
            var needed = checked(count * ElementsOf(i));
            if (_outputs[i].Length < needed)
            {
                _outputs[i] = new float[needed];
            }
        }

        _sharedFrom = _options.KeepValues ? 0 : count - (count % _team.Workers);
        if (_sharedFrom > 0)
        {
            for (var i = 0; i < _workspaces.Length; i++)
            {
                _workspaces[i] ??= new Workspace(_plan.WorkspaceBytes);
            }
        }

        _count = count;
    }

    private void RunWorker(int worker)
    {
        var scratch = _scratch[worker].Of<byte>(new Slot(0, _plan.ScratchBytes));
        for (var image = worker; image < _sharedFrom; image += _team.Workers)
        {
            var memory = _workspaces[worker]!;
            FillImage(memory, image);
            var layers = _plan.Layers;
            var time = StartOf(worker);
            for (var i = 0; i < layers.Length; i++)
            {
                layers[i].Run(memory, 0, layers[i].Rows, scratch);
                time = Count(i, time);
            }

            CopyOutputs(memory, image);
        }

        for (var image = _sharedFrom; image < _count; image++)
        {
            RunShared(image, worker, scratch);
        }
    }

    /// <summary>One image by all workers: each takes some rows of every layer.</summary>
    private void RunShared(int image, int worker, Span<byte> scratch)
    {
        var memory = _workspaces[0]!;
        _team.Meet(); // nobody still reads the image before
        if (worker == 0)
        {
            FillImage(memory, image);
        }

        var layers = _plan.Layers;
        _team.Meet();
        var time = StartOf(worker);
        for (var i = 0; i < layers.Length; i++)
        {
            var first = (int)((long)layers[i].Rows * worker / _team.Workers);
            var end = (int)((long)layers[i].Rows * (worker + 1) / _team.Workers);
            if (end > first)
            {
                layers[i].Run(memory, first, end - first, scratch);
            }

            _team.Meet();
            time = Count(i, time);
        }

        if (worker == 0)
        {
            CopyOutputs(memory, image);
        }
    }

    /// <summary>The time now, or 0 where nothing is measured: by choice, or because this is not the thread of the caller.</summary>
    private long StartOf(int worker) => _layerTicks is null || worker > 0 ? 0 : Stopwatch.GetTimestamp();

    /// <summary>Adds the time since <paramref name="start"/> to a layer and returns the time now; does nothing where the start is 0.</summary>
    private long Count(int layer, long start)
    {
        if (start == 0)
        {
            return 0;
        }

        var now = Stopwatch.GetTimestamp();
        _layerTicks![layer] += now - start;
        return now;
    }

    private void FillImage(Workspace memory, int image)
    {
        if (_integerPixels is null)
        {
            _source.Fill(image, _imageElements, memory.Of<float>(_plan.Image), _pixelTable, Model.Graph.Input);
        }
        else
        {
            _source.Fill(image, _imageElements, memory.Of<short>(_plan.Image), _integerPixels, Model.Graph.Input);
        }
    }

    private void CopyOutputs(Workspace memory, int image)
    {
        for (var i = 0; i < _outputs.Length; i++)
        {
            var (shape, slot) = _plan.Outputs[i];
            ValueReader.Read(memory, slot, shape, _outputs[i].AsSpan(image * (int)shape.Elements));
        }
    }

    /// <summary>The images of a call. The pointers are pinned while it runs.</summary>
    private unsafe struct Source
    {
        public float* Reals;
        public byte* Pixels;
        public PixelLayout Layout;

        /// <summary>Writes one image as the graph reads it: floats, channels innermost.</summary>
        public readonly void Fill(int image, int elements, Span<float> target, float[]? table, ValueShape shape)
        {
            var start = (long)image * elements;
            if (Reals != null)
            {
                var source = new ReadOnlySpan<float>(Reals + start, elements);
                if (Layout == PixelLayout.Nhwc)
                {
                    source.CopyTo(target);
                    return;
                }

                var plane = shape.Height * shape.Width;
                for (var i = 0; i < elements; i++)
                {
                    target[((i % plane) * shape.Channels) + (i / plane)] = source[i];
                }

                return;
            }

            FillPixels(new ReadOnlySpan<byte>(Pixels + start, elements), target, table!, shape);
        }

        /// <summary>Writes one image as the integer mode reads it: 16-bit numbers, channels innermost.</summary>
        public readonly void Fill(int image, int elements, Span<short> target, IntegerPixels pixels, ValueShape shape)
        {
            var start = (long)image * elements;
            var (channels, plane) = (shape.Channels, shape.Height * shape.Width);
            for (var i = 0; i < elements; i++)
            {
                var channel = i % channels;
                var place = start + (Layout == PixelLayout.Nhwc ? i : (channel * plane) + (i / channels));
                target[i] = Reals != null ? pixels.NumberOf(Reals[place], channel) : pixels.NumberOf(Pixels[place], channel);
            }
        }

        private readonly void FillPixels(ReadOnlySpan<byte> source, Span<float> target, float[] table, ValueShape shape)
        {
            var (channels, plane) = (shape.Channels, shape.Height * shape.Width);
            for (var channel = 0; channel < channels; channel++)
            {
                var numbers = table.AsSpan(256 * channel, 256);
                for (var pixel = 0; pixel < plane; pixel++)
                {
                    var place = (pixel * channels) + channel;
                    target[place] = numbers[source[Layout == PixelLayout.Nhwc ? place : (channel * plane) + pixel]];
                }
            }
        }
    }
}
