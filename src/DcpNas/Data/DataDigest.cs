using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DcpNas.Data.Detection;
using DcpNas.Data.ReIdentification;

namespace DcpNas.Data;

/// <summary>A digest of the list of images of a run. It does not depend on the folder that the data lie in, nor on the form of Unicode that the disk gives names.</summary>
public static class DataDigest
{
    /// <summary>Of names and labels; of persons their cameras too.</summary>
    /// <param name="parts">Training and test images.</param>
    public static string Of(params IEnumerable<IImageDataset> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return Of(parts.SelectMany(part => Lines("part", part.Count, index =>
            part is IPersonImages persons
                ? string.Create(CultureInfo.InvariantCulture, $"{persons.Identity(index)} {persons.Camera(index)} {part.ImageName(index)}")
                : string.Create(CultureInfo.InvariantCulture, $"{part.Label(index)} {part.ImageName(index)}"))));
    }

    /// <summary>Of names, numbers, sizes and boxes; empty where the images are drawn.</summary>
    /// <param name="parts">Training and test images.</param>
    public static string OfBoxes(params IEnumerable<IDetectionDataset> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        List<IDetectionDataset> read = [.. parts];
        return read.Exists(part => !part.IsDecodedWhenRead) ? "" : Of(read.SelectMany(part => Lines("part", part.Count, index =>
        {
            var (width, height) = part.Size(index);
            return string.Create(CultureInfo.InvariantCulture, $"{part.ImageId(index)} {width} {height} {string.Join(' ', part.Boxes(index).Select(Text))} {part.ImageName(index)}");
        })));

        static string Text(LabelledBox box) => string.Create(
            CultureInfo.InvariantCulture, $"{box.Class},{box.Left:R},{box.Top:R},{box.Right:R},{box.Bottom:R},{(box.Difficult ? 1 : 0)},{(box.Crowd ? 1 : 0)}");
    }

    private static IEnumerable<string> Lines(string heading, int count, Func<int, string> line) => Enumerable.Range(0, count).Select(line).Prepend(heading);

    private static string Of(IEnumerable<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(CanonicalName.Key(line) + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
