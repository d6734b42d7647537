using System.Runtime.ExceptionServices;

namespace DcpNas.Data;

/// <summary>Reads, augments and normalises the images of a batch; each thread has its own. Touches no tensor.</summary>
internal sealed class BatchFiller(IImageDataset data, BatchLoaderOptions options)
{
    private readonly ImageAugmenter _augmenter =
        new(data, options.Augmentation, options.Statistics ?? ChannelStatistics.Identity(data.Channels), options.ChannelsLast, options.Seed);

    private readonly byte[] _image = new byte[data.BytesPerImage];
    private readonly RandomResizedCrop? _crop = options.Augmentation.CropArea is { } area ? new RandomResizedCrop(area) : null;

    /// <summary>Fills the buffer with piece <paramref name="piece"/> of an epoch; keeps an exception in it instead of throwing.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="order">The epoch's images in their order.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="piece">From 0, over all batches: each has as many as this process has shards, one where batches are not cut.</param>
    /// <param name="stopped">Asked before each image; true leaves the batch unfinished.</param>
    public void Fill(BatchBuffer buffer, int[] order, int epoch, int piece, Func<bool>? stopped)
    {
        var (step, place) = int.DivRem(piece, options.Shards.Own);
        var part = options.Shards.Piece(options.BatchSize, place);
        var first = (step * options.BatchSize) + part.First;
        buffer.Count = int.Min(part.Count, order.Length - first);
        buffer.Error = null;
        try
        {
            for (var i = 0; i < buffer.Count && stopped?.Invoke() != true; i++)
            {
                var index = order[first + i];
                Read(epoch, index);
                buffer.Labels[i] = data.Label(index);
                _augmenter.Write(_image, epoch, index, buffer.Pixels.AsSpan(i * _image.Length, _image.Length));
            }
        }
        catch (Exception error)
        {
            // Thrown again, unchanged, on the thread that asks for this batch.
            buffer.Error = ExceptionDispatchInfo.Capture(error);
        }
    }

    private void Read(int epoch, int index)
    {
        if (_crop is null)
        {
            data.ReadPixels(index, _image);
            return;
        }

        _crop.Reseed(options.Seed, epoch, index);
        ((IFullImages)data).ReadPart(index, _crop, _image);
    }
}
