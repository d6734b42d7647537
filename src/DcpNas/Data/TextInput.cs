using System.Text;

namespace DcpNas.Data;

/// <summary>Lists that others wrote: lines of text in UTF-8, or in UTF-16 or UTF-32 with a byte order mark.</summary>
internal static class TextInput
{
    /// <summary>The lines of a file without their ends.</summary>
    /// <exception cref="InputException">It cannot be read, or is in another encoding.</exception>
    public static string[] ReadLines(string path)
    {
        var bytes = DataFile.ReadAllBytes(path);
        var (encoding, mark) = TextBytes.Detect(bytes);
        encoding ??= TextBytes.Strict(Encoding.UTF8);
        try
        {
            return encoding.GetString(bytes, mark, bytes.Length - mark).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        }
        catch (DecoderFallbackException error)
        {
            var line = 1 + bytes.AsSpan(0, Math.Clamp(mark + error.Index, 0, bytes.Length)).Count((byte)'\n');
            throw InputException.InFile(path, $"line {line}", "text in UTF-8", error.BytesUnknown is [var first, ..] ? $"the byte 0x{first:x2}" : "other bytes", "Convert the file to UTF-8: iconv -f latin1 -t utf-8, with the encoding that it has.", error);
        }
    }
}
