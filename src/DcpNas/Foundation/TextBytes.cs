using System.Text;

namespace DcpNas.Foundation;

/// <summary>The encoding of text that other programs wrote, by its byte order mark or, where it begins with ASCII as JSON and XML do, by its zero bytes.</summary>
internal static class TextBytes
{
    /// <summary>The encoding, and the bytes of the mark; null where there is no sign of another one than an encoding with ASCII in single bytes.</summary>
    public static (Encoding? Encoding, int Mark) Detect(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Strict(Encoding.UTF8), 3),
        [0xFF, 0xFE, 0, 0, ..] => (Strict(Encoding.UTF32), 4),
        [0, 0, 0xFE, 0xFF, ..] => (Strict(new UTF32Encoding(bigEndian: true, byteOrderMark: false)), 4),
        [0xFF, 0xFE, ..] => (Strict(Encoding.Unicode), 2),
        [0xFE, 0xFF, ..] => (Strict(Encoding.BigEndianUnicode), 2),
        [0, 0, 0, not 0, ..] => (Strict(new UTF32Encoding(bigEndian: true, byteOrderMark: false)), 0),
        [not 0, 0, 0, 0, ..] => (Strict(Encoding.UTF32), 0),
        [0, not 0, ..] => (Strict(Encoding.BigEndianUnicode), 0),
        [not 0, 0, ..] => (Strict(Encoding.Unicode), 0),
        _ => (null, 0),
    };

    /// <summary>Text that begins with ASCII as UTF-8 without a mark.</summary>
    /// <exception cref="DecoderFallbackException">The bytes are not of the encoding that their beginning shows.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(byte[] bytes)
    {
        var (encoding, mark) = Detect(bytes);
        return encoding is null || encoding.CodePage == Encoding.UTF8.CodePage ? bytes.AsMemory(mark) : Encoding.UTF8.GetBytes(encoding.GetString(bytes, mark, bytes.Length - mark));
    }

    /// <summary>An encoding that throws at bytes that are not of it, instead of putting a question mark there.</summary>
    public static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }
}
