using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Data;

/// <summary>Cuts images into batches of tensors; background threads read and augment ahead.</summary>
/// <remarks>
/// A batch depends on (data, indices, seed, epoch, step) alone: neither the number of workers nor an earlier epoch nor the step at which a run was
/// resumed changes a bit of it. Workers fill plain arrays; only the thread that enumerates <see cref="Epoch"/> touches tensors. For one thread.
/// </remarks>
public sealed class BatchLoader : IDisposable
{
    // Names this use of the seed among the streams of SeededRandom.
    private const long OrderStream = 0x6f72646572;

    private readonly IImageDataset _data;
    private readonly int[] _indices;
    private readonly BatchLoaderOptions _options;
    private readonly BatchFiller[] _fillers;
    private readonly BatchBuffer[] _buffers;
    private readonly int _pieces;
    private BatchPrefetcher? _running;
    private bool _disposed;

    /// <summary>Creates a loader; no thread runs before an epoch is enumerated.</summary>
    /// <param name="data">The images.</param>
    /// <param name="indices">Those of them that take part.</param>
    /// <param name="options">How they are cut into batches.</param>
    /// <exception cref="OptionsException">Options are out of range or do not fit the data; lists every fault.</exception>
    public BatchLoader(IImageDataset data, IReadOnlyList<int> indices, BatchLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Problems(data, indices.Count);
        if (problems.Count > 0)
        {
            throw new OptionsException("data loader options", problems);
        }

        _data = data;
        _indices = [.. indices];
        _options = options;
        var count = options.Order?.Count ?? _indices.Length;
        StepsPerEpoch = options.DropLast ? count / options.BatchSize : (count + options.BatchSize - 1) / options.BatchSize;
        _pieces = StepsPerEpoch * options.Shards.Own;
        var workers = int.Min(options.Workers, _pieces);
        _fillers = [.. Enumerable.Range(0, int.Max(workers, 1)).Select(_ => new BatchFiller(data, options))];
        var buffers = workers == 0 ? 1 : int.Min(int.Max(options.Prefetch, workers) + 1, _pieces);
        var batchSize = int.Min(options.BatchSize, count);
        _buffers = [.. Enumerable.Range(0, buffers).Select(_ => new BatchBuffer(batchSize, data.BytesPerImage))];
    }

    /// <summary>Batches per epoch, at least 1.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Time the caller has spent waiting for batches, over all epochs; without workers, the time to make them.</summary>
    public TimeSpan ConsumerWait { get; private set; }

    /// <summary>Images handed out, over all epochs.</summary>
    public long ImagesDelivered { get; private set; }

    /// <summary>The batches of an epoch, or their pieces that this process takes, batch by batch. Leaving the loop early stops the threads.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstStep">Steps to leave out: the place where a stopped run goes on. From 0 to <see cref="StepsPerEpoch"/>.</param>
    /// <exception cref="InputException">While enumerating: an image of the batch cannot be read; the message names its file.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int firstStep = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstStep);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstStep, StepsPerEpoch);
        return Enumerate(epoch, firstStep);
    }

    /// <summary>Stops the threads of an epoch that is still being enumerated.</summary>
    public void Dispose()
    {
        _disposed = true;
        _running?.Dispose();
        _running = null;
    }

    private IEnumerable<Batch> Enumerate(int epoch, int firstStep)
    {
        if (_running is not null)
        {
            throw new InvalidOperationException("An epoch of this loader is still being enumerated. Finish it first or use a second loader.");
        }

        var order = Order(epoch);
        var firstPiece = firstStep * _options.Shards.Own;
        if (_options.Workers == 0)
        {
            for (var piece = firstPiece; piece < _pieces; piece++)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                var started = Stopwatch.GetTimestamp();
                _fillers[0].Fill(_buffers[0], order, epoch, piece, null);
                ConsumerWait += Stopwatch.GetElapsedTime(started);
                yield return ToBatch(_buffers[0], piece);
            }

            yield break;
        }

        using var prefetcher = new BatchPrefetcher(_buffers, _fillers, order, epoch, firstPiece, _pieces);
        _running = prefetcher;
        try
        {
            for (var piece = firstPiece; piece < _pieces; piece++)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                var started = Stopwatch.GetTimestamp();
                var buffer = prefetcher.Take(piece);
                ConsumerWait += Stopwatch.GetElapsedTime(started);
                var batch = ToBatch(buffer, piece);
                prefetcher.Return(piece);
                yield return batch;
            }
        }
        finally
        {
            _running = null;
        }
    }

    private int[] Order(int epoch)
    {
        if (_options.Order is { } given)
        {
            return given.Of(epoch);
        }

        int[] order = [.. _indices];
        if (_options.Shuffle)
        {
            new SeededRandom(_options.Seed, OrderStream, epoch).Shuffle(order.AsSpan());
        }

        return order;
    }

    private Batch ToBatch(BatchBuffer buffer, int piece)
    {
        buffer.Error?.Throw();
        long n = buffer.Count;
        ReadOnlySpan<long> shape = _options.ChannelsLast ? [n, _data.Height, _data.Width, _data.Channels] : [n, _data.Channels, _data.Height, _data.Width];
        var images = Fill(shape, buffer.Pixels.AsSpan(0, buffer.Count * _data.BytesPerImage), ScalarType.Float32);
        if (_options.ChannelsLast)
        {
            using var rows = images;
            images = rows.permute(0, 3, 1, 2);
        }

        var labels = Fill([n], buffer.Labels.AsSpan(0, buffer.Count), ScalarType.Int64);
        ImagesDelivered += n;
        return new Batch(OnDevice(images), OnDevice(labels), piece / _options.Shards.Own);
    }

    private static Tensor Fill<T>(ReadOnlySpan<long> shape, ReadOnlySpan<T> values, ScalarType type)
        where T : unmanaged
    {
        var tensor = empty(shape, type);
        MemoryMarshal.AsBytes(values).CopyTo(tensor.bytes);
        return tensor;
    }

    // The batch alone owns its tensors: a dispose scope around the loop must not free them a second time or keep them longer.
    private Tensor OnDevice(Tensor tensor)
    {
        if (_options.Device is null || _options.Device.type == DeviceType.CPU)
        {
            return tensor.DetachFromDisposeScope();
        }

        using var onHost = tensor;
        return onHost.to(_options.Device).DetachFromDisposeScope();
    }
}
