using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>Writes and reads tensors in the safetensors format.</summary>
/// <remarks>
/// The same tensors and metadata always give the same bytes: the data are ordered by element size, largest first (so that each tensor is
/// aligned), then by name, as the reference implementation does. Values are exact: the bytes of the tensor, little-endian.
/// </remarks>
public static class Safetensors
{
    private const long ChunkBytes = 1L << 28; // a Span holds at most 2^31 bytes

    private static readonly IReadOnlyDictionary<string, string> NoMetadata = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Writes a file; an older one of that name is replaced in one step.</summary>
    /// <param name="path">The target.</param>
    /// <param name="tensors">Tensors of any device and layout, of type float64/32/16, bfloat16, int64/32/16/8, uint8 or bool.</param>
    /// <param name="metadata">Free strings.</param>
    /// <exception cref="ArgumentException">A tensor has another type, or is called <c>__metadata__</c>.</exception>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var entries = Arrange(tensors);
        AtomicFile.Write(path, stream => WriteTo(stream, entries, tensors, metadata ?? NoMetadata));
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InputException">The file cannot be opened or is damaged; the message names the byte.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = InputFile.OpenRead(path);
        var header = SafetensorsHeader.Read(path, stream);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var entry in header.Entries)
            {
                var tensor = empty([.. entry.Shape], dtype: entry.Type).DetachFromDisposeScope();
                tensors.Add(entry.Name, tensor);
                ForEachChunk(tensor, stream.ReadExactly);
            }

            return new SafetensorsFile(header, tensors);
        }
        catch (Exception error)
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            if (error is IOException)
            {
                throw SafetensorsHeader.Damaged(path, stream.Position, "tensor data", $"an error: {error.Message}", error);
            }

            throw;
        }
    }

    /// <summary>Gives each tensor its place in the data.</summary>
    internal static List<SafetensorsEntry> Arrange(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var rows = tensors.Select(pair => (pair.Key, pair.Value, SafetensorsTypes.Of(pair.Value.dtype, pair.Key).Size)).ToList();
        rows.Sort((a, b) => a.Size != b.Size ? b.Size.CompareTo(a.Size) : string.CompareOrdinal(a.Key, b.Key));
        var entries = new List<SafetensorsEntry>(rows.Count);
        var position = 0L;
        foreach (var (name, tensor, size) in rows)
        {
            if (name == SafetensorsHeader.MetadataKey)
            {
                throw new ArgumentException($"A tensor name must not be '{name}', which the format reserves.", nameof(tensors));
            }

            var end = checked(position + (tensor.numel() * size));
            entries.Add(new SafetensorsEntry(name, tensor.dtype, [.. tensor.shape], position, end));
            position = end;
        }

        return entries;
    }

    internal static void WriteTo(
        Stream stream, List<SafetensorsEntry> entries, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var json = SafetensorsHeader.Serialize(entries, metadata);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        stream.Write(length);
        stream.Write(json);
        ForEachByteChunk(entries, tensors, chunk => stream.Write(chunk));
    }

    /// <summary>SHA-256 of the data section, as lower-case hexadecimal digits.</summary>
    internal static string Hash(IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ForEachByteChunk(entries, tensors, chunk => hash.AppendData(chunk));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void ForEachByteChunk(
        IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, Tensor> tensors, SpanAction visit)
    {
        foreach (var entry in entries)
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            ForEachChunk(tensors[entry.Name].detach().cpu().contiguous(), visit);
        }
    }

    /// <summary>Shows the memory of a contiguous CPU tensor piece by piece.</summary>
    private static void ForEachChunk(Tensor tensor, SpanAction visit)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.view(-1);
        var count = flat.numel();
        var step = ChunkBytes / flat.ElementSize;
        for (var start = 0L; start < count; start += step)
        {
            var piece = flat.narrow(0, start, Math.Min(step, count - start));
            visit(piece.bytes);
            GC.KeepAlive(piece); // the span does not hold the tensor
        }
    }

    private delegate void SpanAction(Span<byte> bytes);
}
