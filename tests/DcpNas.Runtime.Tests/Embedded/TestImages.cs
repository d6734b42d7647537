using System.IO.Compression;

namespace DcpNas.Runtime.Tests.Embedded;

/// <summary>Test images of the data sets of networks that come with the tool, in the folder of <c>DCPNAS_DATA</c>: pixels as models read them, and classes.</summary>
internal static class TestImages
{
    /// <summary>The first images of the data set of a name, or null where its file is not there.</summary>
    /// <param name="name">cifar10 or mnist.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="pixelBytes">Bytes of an image.</param>
    public static (byte[] Pixels, byte[] Classes)? Read(string name, int most, int pixelBytes)
    {
        if (Environment.GetEnvironmentVariable("DCPNAS_DATA") is not { Length: > 0 } folder)
        {
            return null;
        }

        var (images, classes) = name == "mnist"
            ? (Path.Combine(folder, "mnist", "t10k-images-idx3-ubyte.gz"), Path.Combine(folder, "mnist", "t10k-labels-idx1-ubyte.gz"))
            : (Path.Combine(folder, "cifar-10-batches-bin", "test_batch.bin"), "");
        return !File.Exists(images) ? null : name == "mnist" ? (Idx(images, 16, most * pixelBytes), Idx(classes, 8, most)) : Cifar(images, most, pixelBytes);
    }

    /// <summary>The numbers of a file of MNIST after its header.</summary>
    private static byte[] Idx(string path, int headerBytes, int mostBytes)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        file.ReadExactly(new byte[headerBytes]);
        var bytes = new byte[mostBytes];
        return bytes[..file.ReadAtLeast(bytes, mostBytes, throwOnEndOfStream: false)];
    }

    /// <summary>Records of a class and 32 x 32 pixels, colour by colour.</summary>
    private static (byte[] Pixels, byte[] Classes) Cifar(string path, int most, int pixelBytes)
    {
        const int Colours = 3;
        var file = File.ReadAllBytes(path);
        var images = Math.Min(most, file.Length / (pixelBytes + 1));
        var (pixels, classes, plane) = (new byte[images * pixelBytes], new byte[images], pixelBytes / Colours);
        for (var image = 0; image < images; image++)
        {
            var record = file.AsSpan(image * (pixelBytes + 1), pixelBytes + 1);
            classes[image] = record[0];
            for (var i = 0; i < pixelBytes; i++)
            {
                pixels[(image * pixelBytes) + i] = record[1 + (i % Colours * plane) + (i / Colours)];
            }
        }

        return (pixels, classes);
    }
}
