using System.Globalization;
using System.Text;

namespace Classify;

/// <summary>Reads binary PPM files (P6): the simplest format that image programs write.</summary>
internal static class Ppm
{
    /// <summary>The pixels, red, green and blue, row by row.</summary>
    /// <exception cref="InvalidDataException">The file is no such image of this size.</exception>
    public static byte[] Read(string path, int height, int width)
    {
        using var stream = File.OpenRead(path);
        var (kind, columns, rows, most) = (Word(stream), Word(stream), Word(stream), Word(stream));
        if (kind != "P6" || most != "255" || columns != Text(width) || rows != Text(height))
        {
            throw new InvalidDataException($"{path}: expected a binary PPM (P6, 255) of {width} x {height} pixels, found {kind} {most} of {columns} x {rows}. README.md says how to make one.");
        }

        var pixels = new byte[3 * height * width];
        return stream.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length
            ? pixels
            : throw new InvalidDataException($"{path}: the file ends in the middle of the image.");
    }

    /// <summary>The next word of the header, with the one white space after it; comments run from # to the end of the line.</summary>
    private static string Word(Stream stream)
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

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
