using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DcpNas.Data;

/// <summary>A short name for the contents of a data set, so that results on other copies are not taken for results on this one.</summary>
public static class DatasetDigest
{
    /// <summary>Images of each part whose pixels are read.</summary>
    public const int ReadImages = 256;

    /// <summary>
    /// SHA-256 over counts, sizes and labels of all training and test images and the pixels of up to <see cref="ReadImages"/> of each, evenly spread; written
    /// <c>sha256:...</c>. It tells copies apart that differ in order, labels, encoding or scaling; a single changed image may escape it.
    /// </summary>
    /// <exception cref="InputException">An image cannot be read.</exception>
    public static string Of(DatasetPair dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (IImageDataset[])[dataset.Train, dataset.Test])
        {
            foreach (var number in (int[])[part.Count, part.ClassNames.Count, part.Channels, part.Height, part.Width])
            {
                Add(number);
            }

            for (var index = 0; index < part.Count; index++)
            {
                Add(part.Label(index));
            }

            var pixels = new byte[part.BytesPerImage];
            var read = Math.Min(ReadImages, part.Count);
            for (var i = 0; i < read; i++)
            {
                part.ReadPixels((int)((long)i * part.Count / read), pixels);
                hash.AppendData(pixels);
            }
        }

        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";

        void Add(int number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
