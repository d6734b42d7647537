using System.Diagnostics;
using DcpNas.Runtime;

namespace DcpNas.Data.Detection;

/// <summary>Cuts images with boxes into batches; other threads read and augment ahead. A batch depends on data, seed, epoch and step alone. For one thread.</summary>
public sealed class DetectionLoader
{
    // Names this use of the seed among the streams of SeededRandom.
    private const long OrderStream = 0x6f72646572;

    private readonly IDetectionDataset _data;
    private readonly int[] _indices;
    private readonly DetectionLoaderOptions _options;
    private readonly float[] _table;

    /// <summary>Creates a loader; no thread runs before an epoch is enumerated.</summary>
    /// <param name="data">The images.</param>
    /// <param name="indices">Those of them that take part.</param>
    /// <param name="options">How they are cut into batches.</param>
    /// <exception cref="OptionsException">There are too few images for a batch.</exception>
    public DetectionLoader(IDetectionDataset data, IReadOnlyList<int> indices, DetectionLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(options);
        if (indices.Count < (options.Shuffle ? options.BatchSize : 1))
        {
            throw new OptionsException("options", [$"batch_size must not exceed the {indices.Count} images it is taken from, got {options.BatchSize}."]);
        }

        (_data, _indices, _options) = (data, [.. indices], options);
        StepsPerEpoch = options.Shuffle ? _indices.Length / options.BatchSize : (_indices.Length + options.BatchSize - 1) / options.BatchSize;
        _table = PixelNormalization.Table(options.Statistics.Mean, options.Statistics.StandardDeviation);
    }

    /// <summary>Batches per epoch, at least 1.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Time the caller has spent waiting for batches, over all epochs.</summary>
    public TimeSpan Wait { get; private set; }

    /// <summary>The batches of an epoch, or their pieces that this process takes, batch by batch.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstStep">Steps to leave out: the place where a stopped run goes on.</param>
    /// <exception cref="InputException">While enumerating: an image cannot be read; the message names its file.</exception>
    public IEnumerable<DetectionBatch> Epoch(int epoch, int firstStep = 0)
    {
        int[] order = [.. _indices];
        if (_options.Shuffle)
        {
            new SeededRandom(_options.Seed, OrderStream, epoch).Shuffle(order.AsSpan());
        }

        var ahead = new Queue<Task<DetectionBatch>>();
        var (first, pieces) = (firstStep * _options.Shards.Own, StepsPerEpoch * _options.Shards.Own);
        var next = first;
        for (var piece = first; piece < pieces; piece++)
        {
            while (_options.Workers > 0 && next < pieces && next <= piece + _options.Workers)
            {
                var taken = next++;
                ahead.Enqueue(Task.Run(() => Make(order, epoch, taken)));
            }

            var started = Stopwatch.GetTimestamp();
            var batch = ahead.Count > 0 ? ahead.Dequeue().GetAwaiter().GetResult() : Make(order, epoch, piece);
            Wait += Stopwatch.GetElapsedTime(started);
            yield return batch;
        }
    }

    private DetectionBatch Make(int[] order, int epoch, int piece)
    {
        var (step, place) = int.DivRem(piece, _options.Shards.Own);
        var part = _options.Shards.Piece(_options.BatchSize, place);
        var first = (step * _options.BatchSize) + part.First;
        var count = Math.Min(part.Count, order.Length - first);
        var length = 3 * _options.Height * _options.Width;
        var images = new float[count * length];
        var (objects, sizes) = (new IReadOnlyList<LabelledBox>[count], new (int, int)[count]);
        var augmenter = _options.Augmentation is { } augmentation ? new BoxAugmenter(augmentation, _options.Statistics, _options.Seed) : null;
        var bytes = new byte[augmenter is null ? length : 0];
        for (var i = 0; i < count; i++)
        {
            var index = order[first + i];
            var image = _data.Read(index);
            var target = images.AsSpan(i * length, length);
            if (augmenter is null)
            {
                Resampler.Scale(image, _options.Height, _options.Width, bytes);
                for (var at = 0; at < length; at++)
                {
                    target[at] = _table[(at % 3 * PixelNormalization.Values) + bytes[at]];
                }

                (objects[i], sizes[i]) = (_data.Boxes(index), (image.Width, image.Height));
                continue;
            }

            objects[i] = augmenter.Write(image, _data.Boxes(index), epoch, index, _options.Height, _options.Width, target);
            sizes[i] = (_options.Width, _options.Height);
            for (var at = 0; at < length; at++)
            {
                target[at] = PixelNormalization.Normalize(target[at], _options.Statistics.Mean[at % 3], _options.Statistics.StandardDeviation[at % 3]);
            }
        }

        return new DetectionBatch(images, objects, sizes, [.. order.AsSpan(first, count)]);
    }
}

/// <summary>A batch before it becomes tensors.</summary>
/// <param name="Images"><c>[N, Height, Width, 3]</c>, normalised.</param>
/// <param name="Objects">The objects of each image, in pixels of <paramref name="Sizes"/>.</param>
/// <param name="Sizes">The size that the boxes refer to: that of the file, or that of the network after augmentation.</param>
/// <param name="Indices">Which images they are.</param>
public sealed record DetectionBatch(
    float[] Images, IReadOnlyList<IReadOnlyList<LabelledBox>> Objects, IReadOnlyList<(int Width, int Height)> Sizes, IReadOnlyList<int> Indices);
