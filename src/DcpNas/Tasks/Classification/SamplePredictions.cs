using System.Text.Json.Nodes;
using DcpNas.Data;
using SkiaSharp;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Classification;

/// <summary>Some test images with what a classifier says to them, for the report.</summary>
public static class SamplePredictions
{
    private const int MostPixels = 96;

    /// <summary>Predicts images that are spread evenly over the given ones.</summary>
    /// <param name="network">Backbone and head.</param>
    /// <param name="classNames">Its classes.</param>
    /// <param name="statistics">How the images are normalised.</param>
    /// <param name="images">The images.</param>
    /// <param name="indices">Those of them to choose from.</param>
    /// <param name="count">How many to show.</param>
    /// <param name="device">Where the network is.</param>
    public static JsonObject Of(
        TaskNetwork network, IReadOnlyList<string> classNames, ChannelStatistics statistics, IImageDataset images, IReadOnlyList<int> indices, int count, Device? device)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(indices);
        int[] shown = [.. Enumerable.Range(0, Math.Min(count, indices.Count)).Select(i => indices[(int)((long)i * indices.Count / Math.Min(count, indices.Count))])];
        var samples = new JsonArray();
        using var loader = new BatchLoader(images, shown, new BatchLoaderOptions { BatchSize = shown.Length, Workers = 0, ChannelsLast = true, Statistics = statistics, Device = device });
        network.eval();
        foreach (var batch in loader.Epoch(0))
        {
            using var taken = batch;
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var probabilities = network.Run(batch.Images).Main[0].softmax(1).cpu();
            var predicted = probabilities.argmax(1).data<long>().ToArray();
            for (var i = 0; i < shown.Length; i++)
            {
                samples.Add((JsonNode)new JsonObject
                {
                    ["png"] = Convert.ToBase64String(Png(images, shown[i])),
                    ["label"] = classNames[images.Label(shown[i])],
                    ["predicted"] = classNames[(int)predicted[i]],
                    ["confidence"] = probabilities[i, predicted[i]].ToDouble(),
                });
            }
        }

        return new JsonObject { ["samples"] = samples };
    }

    private static byte[] Png(IImageDataset images, int index)
    {
        var (height, width, plane) = (images.Height, images.Width, images.Height * images.Width);
        var pixels = new byte[images.BytesPerImage];
        images.ReadPixels(index, pixels);
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var at = 0; at < plane; at++)
        {
            bitmap.SetPixel(at % width, at / width, new SKColor(Channel(0, at), Channel(1, at), Channel(2, at)));
        }

        var shrink = Math.Max(1, (Math.Max(height, width) + MostPixels - 1) / MostPixels);
        using var small = shrink == 1 ? null : bitmap.Resize(new SKImageInfo(width / shrink, height / shrink), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var data = (small ?? bitmap).Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();

        byte Channel(int channel, int at) => pixels[((images.Channels == 1 ? 0 : channel) * plane) + at];
    }
}
