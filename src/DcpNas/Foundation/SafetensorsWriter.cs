using DcpNas.Runtime.Model;
using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>Writes a safetensors file whose tensors come piece by piece, so that it may be larger than memory.</summary>
/// <remarks>Shapes are known at the start, so the header is written first and every piece at its place; the file takes its name when it is whole.</remarks>
public sealed class SafetensorsWriter
{
    private readonly FileStream _file;
    private readonly long _dataStart;
    private readonly Dictionary<string, (SafetensorsEntry Entry, long Position)> _places;

    private SafetensorsWriter(FileStream file, long dataStart, IEnumerable<SafetensorsEntry> entries)
    {
        _file = file;
        _dataStart = dataStart;
        _places = entries.ToDictionary(entry => entry.Name, entry => (entry, entry.Begin), StringComparer.Ordinal);
    }

    /// <summary>Writes a file; an older one of that name is replaced in one step, and stays if anything fails.</summary>
    /// <param name="path">The target.</param>
    /// <param name="tensors">Names, element types and shapes.</param>
    /// <param name="metadata">Free strings.</param>
    /// <param name="fill">Appends the data of every tensor, in any order and in pieces of any size.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A tensor got too few or too many bytes.</exception>
    public static void Write(
        string path, IEnumerable<(string Name, ScalarType Type, long[] Shape)> tensors, IReadOnlyDictionary<string, string> metadata, Action<SafetensorsWriter> fill)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(fill);
        var entries = SafetensorsHeader.Arrange(
            tensors.Select(tensor => (tensor.Name, SafetensorsTypes.Of(tensor.Type, tensor.Name), (IReadOnlyList<long>)tensor.Shape)));
        AtomicFile.Write(path, file =>
        {
            var stream = new SafetensorsWriter(file, Safetensors.WriteHeader(file, entries, metadata), entries);
            fill(stream);
            stream.ThrowIfIncomplete();
        });
    }

    /// <summary>Adds bytes to a tensor, after those that it has: values in row-major order, little-endian.</summary>
    /// <exception cref="InvalidOperationException">The tensor is unknown, or is full.</exception>
    public void Append(string name, ReadOnlySpan<byte> bytes)
    {
        if (!_places.TryGetValue(name, out var place))
        {
            throw new InvalidOperationException($"Unknown tensor '{name}'. Known tensors: {string.Join(", ", _places.Keys)}.");
        }

        var left = place.Entry.End - place.Position;
        if (bytes.Length > left)
        {
            throw new InvalidOperationException($"Tensor '{name}' has room for {left} more bytes, got {bytes.Length}.");
        }

        var position = _dataStart + place.Position;
        if (_file.Position != position)
        {
            _file.Position = position; // a seek empties the buffer, so small pieces in sequence must not seek
        }

        _file.Write(bytes);
        _places[name] = (place.Entry, place.Position + bytes.Length);
    }

    private void ThrowIfIncomplete()
    {
        foreach (var (name, (entry, position)) in _places)
        {
            if (position != entry.End)
            {
                throw new InvalidOperationException($"Tensor '{name}' lacks {entry.End - position} bytes.");
            }
        }
    }
}
