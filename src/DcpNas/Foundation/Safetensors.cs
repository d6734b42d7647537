using System.Collections.ObjectModel;
using System.Security.Cryptography;
using DcpNas.Runtime.Model;
using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>Writes and reads tensors in the safetensors format.</summary>
/// <remarks>
/// The same tensors and metadata always give the same bytes: the data are ordered by element size, largest first (so that each tensor is
/// aligned), then by name, as the reference implementation does. Values are exact: the bytes of the tensor, little-endian. The header is read
/// and written by the runtime, as that of packed models is.
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
    /// <exception cref="InputException">The file cannot be opened or is damaged; the message names the tensor or the byte.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = InputFile.OpenRead(path);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            var header = SafetensorsReader.ReadHeader(stream);
            SafetensorsReader.ExpectLength(header, stream.Length); // so that no tensor is allocated that the file does not hold
            foreach (var entry in header.Entries)
            {
                var tensor = empty([.. entry.Shape], dtype: SafetensorsTypes.InMemory(entry.Type)).DetachFromDisposeScope();
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

            if (error is ModelFaultException fault)
            {
                throw Damaged(path, fault.Place, fault.Expected, fault.Found, fault);
            }

            if (error is IOException)
            {
                throw Damaged(path, $"byte {stream.Position}", "bytes", $"an error: {error.Message}", error);
            }

            throw;
        }
    }

    /// <summary>What is thrown for a file that is not whole.</summary>
    internal static InputException Damaged(string path, string place, string expected, string found, Exception? inner = null) =>
        InputException.InFile(path, place, expected, found, "The file is damaged or is not a safetensors file; use another copy.", inner);

    /// <summary>Gives each tensor its place in the data.</summary>
    internal static List<SafetensorsEntry> Arrange(IReadOnlyDictionary<string, Tensor> tensors) =>
        SafetensorsHeader.Arrange(tensors.Select(pair => (pair.Key, SafetensorsTypes.Of(pair.Value.dtype, pair.Key), (IReadOnlyList<long>)pair.Value.shape)));

    internal static void WriteTo(
        Stream stream, List<SafetensorsEntry> entries, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        WriteHeader(stream, entries, metadata);
        ForEachByteChunk(entries, tensors, chunk => stream.Write(chunk));
    }

    /// <summary>Writes the header, metadata in the order of their keys; gives the byte at which the data begin.</summary>
    internal static long WriteHeader(Stream stream, List<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        SafetensorsHeader.Write(stream, entries, [.. metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)]);

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
