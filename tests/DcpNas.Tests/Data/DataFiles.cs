using System.Buffers.Binary;
using System.IO.Compression;
using DcpNas.Data;
using SkiaSharp;

namespace DcpNas.Tests.Data;

/// <summary>Hand-made data files.</summary>
internal static class DataFiles
{
    /// <summary>CIFAR-10 records: label, then pixels that all have the value <c>10 * record + first</c>.</summary>
    public static byte[] Cifar10(int first, params ReadOnlySpan<byte> labels)
    {
        var bytes = new byte[labels.Length * 3073];
        for (var i = 0; i < labels.Length; i++)
        {
            bytes.AsSpan(i * 3073, 3073).Fill((byte)((10 * i) + first));
            bytes[i * 3073] = labels[i];
        }

        return bytes;
    }

    /// <summary>A complete small CIFAR-10 folder: two images in each of six files.</summary>
    public static void WriteCifar10(TempFolder folder, string inner)
    {
        for (byte file = 0; file < 6; file++)
        {
            folder.Write(Cifar10(file, file, (byte)(file + 1)), inner, file < 5 ? $"data_batch_{file + 1}.bin" : "test_batch.bin");
        }
    }

    /// <summary>Opens CIFAR files that hold fewer images than the official ones.</summary>
    public static DatasetPair OpenSmall(string name, string folder) => DatasetCatalog.Open(name, folder, new DatasetOptions { AnyLength = true });

    /// <summary>Checks a folder with such files.</summary>
    public static DataCheckReport CheckSmall(string folder) => DataCheck.Run(folder, anyLength: true);

    public static byte[] Idx(int magic, int[] sizes, byte[] elements)
    {
        var bytes = new byte[4 + (4 * sizes.Length) + elements.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, magic);
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), sizes[i]);
        }

        elements.CopyTo(bytes, 4 + (4 * sizes.Length));
        return bytes;
    }

    /// <summary>A complete small MNIST folder: 3 training and 2 test images of 2 x 4 pixels, labels compressed.</summary>
    public static void WriteMnist(TempFolder folder, string inner)
    {
        folder.Write(Idx(0x803, [3, 2, 4], [.. Enumerable.Range(0, 24).Select(i => (byte)i)]), inner, "train-images-idx3-ubyte");
        folder.Write(Gzip(Idx(0x801, [3], [5, 0, 9])), inner, "train-labels-idx1-ubyte.gz");
        folder.Write(Gzip(Idx(0x803, [2, 2, 4], [.. Enumerable.Range(100, 16).Select(i => (byte)i)])), inner, "t10k-images-idx3-ubyte.gz");
        folder.Write(Idx(0x801, [2], [1, 2]), inner, "t10k-labels.idx1-ubyte");
    }

    public static byte[] Gzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return buffer.ToArray();
    }

    /// <summary>An image whose left half has one colour and whose right half another.</summary>
    public static byte[] Image(int width, int height, SKColor left, SKColor right, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                bitmap.SetPixel(x, y, x < width / 2 ? left : right);
            }
        }

        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>An image folder of two classes with two training images and one test image each.</summary>
    public static void WriteImageFolder(TempFolder folder, string inner)
    {
        var red = new SKColor(200, 20, 10);
        var blue = new SKColor(10, 20, 200);
        folder.Write(Image(40, 20, red, blue), inner, "train", "ants", "a.png");
        folder.Write(Image(20, 40, red, red, SKEncodedImageFormat.Jpeg), inner, "train", "ants", "b.JPG");
        folder.Write(Image(16, 16, blue, red), inner, "train", "bees", "c.png");
        folder.Write(Image(17, 16, blue, blue), inner, "train", "bees", "d.png");
        folder.Write(Image(30, 20, red, blue), inner, "val", "ants", "e.png");
        folder.Write(Image(30, 20, blue, red), inner, "val", "bees", "f.png");
    }
}
