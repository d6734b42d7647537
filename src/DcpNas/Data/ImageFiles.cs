using DcpNas.Runtime;

namespace DcpNas.Data;

/// <summary>Image files as a user names them, read as a network needs them.</summary>
public static class ImageFiles
{
    /// <summary>The largest value of <see cref="MaximumPixels"/>: what one array of bytes can hold.</summary>
    public const long MostPixels = 500_000_000;

    /// <summary>Most pixels of an image, of its file and at the size that it is scaled to; a larger one is refused before memory is taken for it. For the whole process; 134,217,728 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 1 to <see cref="MostPixels"/>.</exception>
    public static long MaximumPixels
    {
        get => ImageBitmap.MaximumPixels;
        set => ImageBitmap.MaximumPixels = value is >= 1 and <= MostPixels ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"MaximumPixels must be from 1 to {MostPixels}.");
    }

    /// <summary>The files of a list of files and folders: folders with all below them, each file once whatever links lead to it, in ordinal order; hidden files and folders are left out.</summary>
    /// <param name="names">Files, which are taken as they are, and folders.</param>
    /// <exception cref="InputException">A folder holds no image or cannot be listed.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var files = new List<string>();
        foreach (var name in names)
        {
            if (!Directory.Exists(name))
            {
                files.Add(name);
                continue;
            }

            var found = List(name);
            if (found.Length == 0)
            {
                throw new InputException($"{name}: the folder holds no image ({ImageDecoder.ExtensionList}), nor do the folders in it. Name files, or another folder.");
            }

            files.AddRange(found);
        }

        return files;
    }

    /// <summary>Decodes an image file, scales it and cuts out its centre.</summary>
    /// <param name="path">The file.</param>
    /// <param name="resize">The shorter side before the cut, in pixels; null, or one too small for the cut: as few pixels as the cut needs.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">3 for red, green, blue; 1 for brightness (luma of Rec. 601, rounded).</param>
    /// <returns><c>[height, width, channels]</c>.</returns>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The channels are neither 1 nor 3.</exception>
    public static byte[] Read(string path, int? resize, int height, int width, int channels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(channels);
        var colours = new byte[3 * height * width];
        ImageDecoder.ReadCentre(path, resize ?? 0, height, width, colours);
        return InChannels(colours, channels);
    }

    /// <summary>Decodes an image file and scales each of its sides on its own.</summary>
    /// <param name="path">The file.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">3 for red, green, blue; 1 for brightness (luma of Rec. 601, rounded).</param>
    /// <returns><c>[height, width, channels]</c>.</returns>
    /// <exception cref="InputException">The file cannot be decoded completely.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The channels are neither 1 nor 3.</exception>
    public static byte[] ReadStretched(string path, int height, int width, int channels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Check(channels);
        var plane = height * width;
        var (planes, colours) = (new byte[3 * plane], new byte[3 * plane]);
        ImageDecoder.ReadStretched(path, height, width, planes);
        for (var i = 0; i < colours.Length; i++)
        {
            colours[i] = planes[(i % 3 * plane) + (i / 3)];
        }

        return InChannels(colours, channels);
    }

    private static void Check(int channels)
    {
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Channels must be 1 or 3.");
        }
    }

    private static byte[] InChannels(byte[] colours, int channels)
    {
        if (channels == 3)
        {
            return colours;
        }

        var grey = new byte[colours.Length / 3];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = ImagePreparer.Grey(colours[3 * i], colours[(3 * i) + 1], colours[(3 * i) + 2]);
        }

        return grey;
    }

    private static string[] List(string folder) => DataFile.Reading(folder, () => FolderWalk.Files(folder, ImageDecoder.IsImage));
}
