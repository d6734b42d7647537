using System.Text;

namespace DcpNas.Foundation;

/// <summary>Reads whole files, also pipes, without reading on for ever from what has no end (<c>/dev/zero</c>).</summary>
public static class WholeFile
{
    /// <summary>Most bytes that are read from what does not say how long it is: a pipe, a device.</summary>
    public const int MostUnknown = 1 << 28;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="IOException">It cannot be read, or has no end.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path) => ReadAllBytes(path, MostUnknown);

    /// <summary>The text of a file: UTF-8, or what its byte order mark says.</summary>
    /// <inheritdoc cref="ReadAllBytes(string)"/>
    public static string ReadAllText(string path)
    {
        using var reader = new StreamReader(new MemoryStream(ReadAllBytes(path)), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    internal static byte[] ReadAllBytes(string path, int mostUnknown)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        if (stream.CanSeek && stream.Length > 0)
        {
            return File.ReadAllBytes(path);
        }

        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (stream.Read(buffer) is var read and > 0)
        {
            content.Write(buffer, 0, read);
            if (content.Length > mostUnknown)
            {
                throw new IOException($"It is no ordinary file, and has not ended after {mostUnknown >> 20} MiB.");
            }
        }

        return content.ToArray();
    }
}
