using System.Runtime.InteropServices;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <content>Files.</content>
public sealed partial class PackedModel
{
    /// <summary>Reads a model file. Its content is not trusted: everything is checked before use, and memory stays in proportion to the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PackedModelException">The content cannot be used; the message says where and why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static PackedModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
        return ModelReader.Read(stream, path);
    }

    /// <summary>Reads a model from a stream, to its end. The stream is not trusted and need not be seekable.</summary>
    /// <param name="stream">At the first byte of the model.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="PackedModelException">The content cannot be used.</exception>
    public static PackedModel Load(Stream stream, string source = "stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return ModelReader.Read(stream, source);
    }

    /// <summary>Reads a model from memory.</summary>
    /// <param name="bytes">The whole file; it may change afterwards.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="PackedModelException">The content cannot be used.</exception>
    public static PackedModel Load(ReadOnlyMemory<byte> bytes, string source = "bytes")
    {
        var segment = MemoryMarshal.TryGetArray(bytes, out var array) ? array : new ArraySegment<byte>(bytes.ToArray());
        using var stream = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        return Load(stream, source);
    }

    /// <summary>Writes the model file. The file is complete or untouched: it is written under a temporary name, flushed and renamed.</summary>
    /// <param name="path">The file, in a folder that exists; replaced if it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                ModelWriter.Write(this, stream);
                stream.Flush();
                RandomAccess.FlushToDisk(stream.SafeFileHandle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary); // does nothing where there is no such file
            throw;
        }
    }

    /// <summary>Writes the model to a stream. The same model always gives the same bytes.</summary>
    /// <param name="stream">The target.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelWriter.Write(this, stream);
    }
}
