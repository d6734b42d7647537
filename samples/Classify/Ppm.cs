using System.Globalization;
using System.Text;
using DcpNas.Runtime;

namespace Classify;

/// <summary>Reads binary PPM and PGM files (P6, P5): the simplest formats that image programs and cameras write.</summary>
/// <param name="Pixels">The rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Format">Colours, or grey.</param>
internal sealed record Ppm(byte[] Pixels, int Width, int Height, PixelFormat Format)
{
    private const int MostPixels = 100_000_000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is no such image.</exception>
    public static Ppm Read(string path)
    {
        using var stream = File.OpenRead(path);
        var (kind, width, height, most) = (Word(stream), Number(stream), Number(stream), Number(stream));
        if (kind is not ("P6" or "P5") || most != 255 || width == 0 || height == 0 || (long)width * height > MostPixels)
        {
            throw new InvalidDataException($"{path}: expected a binary PPM or PGM (P6 or P5, 255) of at most {MostPixels} pixels, found {kind} {most} of {width} x {height}. README.md says how to make one.");
        }

        var format = kind == "P6" ? PixelFormat.Rgb : PixelFormat.Grey;
        var pixels = new byte[(format == PixelFormat.Rgb ? 3 : 1) * width * height];
        return stream.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length
            ? new Ppm(pixels, width, height, format)
            : throw new InvalidDataException($"{path}: the file ends in the middle of the image.");
    }

    private static int Number(FileStream stream) => int.TryParse(Word(stream), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The next word of the header, with the one white space after it; comments run from # to the end of the line.</summary>
    private static string Word(FileStream stream)
    {
        var word = new StringBuilder();
        while (word.Length < 16 && stream.ReadByte() is var next and >= 0)
        {
            if (next == '#')
            {
                while (stream.ReadByte() is not (-1 or '\n'))
                {
                }
            }
            else if (!char.IsWhiteSpace((char)next))
            {
                word.Append((char)next);
            }
            else if (word.Length > 0)
            {
                break;
            }
        }

        return word.ToString();
    }
}
