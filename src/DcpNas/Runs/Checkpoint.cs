using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Runtime.Model;
using static TorchSharp.torch;

namespace DcpNas.Runs;

/// <summary>Everything that a run needs to go on as if it had never stopped: named tensors and one JSON document.</summary>
/// <remarks>
/// <para>A checkpoint is a safetensors file; the state document and the digests lie in its metadata, so any safetensors reader opens it.
/// Metadata keys: <c>kind</c> = "checkpoint", <c>format_version</c>, <c>state</c> (JSON), <c>tensors_sha256</c> (of the data section) and
/// <c>header_sha256</c> (of names, types, shapes, offsets and the other metadata).</para>
/// <para>The tensors added to it stay the caller's; the checkpoint holds aliases, so a tensor that changes between adding and saving is saved
/// as changed. A loaded checkpoint owns its tensors. Both are freed by <see cref="Dispose"/>.</para>
/// </remarks>
public sealed partial class Checkpoint : IDisposable
{
    /// <summary>The version that this code writes and the only one that it reads.</summary>
    public const int FormatVersion = 1;

    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly string _origin;

    /// <summary>Creates an empty checkpoint.</summary>
    /// <param name="state">The state document: epoch, step, positions, thread count.</param>
    public Checkpoint(JsonObject state)
        : this(state, "checkpoint")
    {
    }

    private Checkpoint(JsonObject state, string origin)
    {
        ArgumentNullException.ThrowIfNull(state);
        State = state;
        _origin = origin;
    }

    /// <summary>The state document.</summary>
    public JsonObject State { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    /// <summary>Adds a tensor.</summary>
    /// <exception cref="ArgumentException">The name is taken, reserved or empty, or the type cannot be stored.</exception>
    public void Add(string name, Tensor value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        _ = SafetensorsTypes.Of(value.dtype, name);
        if (name == SafetensorsHeader.MetadataKey || _tensors.ContainsKey(name))
        {
            throw new ArgumentException($"A name in a checkpoint must be used once and not be reserved, got '{name}'.", nameof(name));
        }

        _tensors.Add(name, value.detach().DetachFromDisposeScope());
    }

    /// <summary>Adds bytes (a random generator's state, an optimiser's stream) as a one-dimensional U8 tensor.</summary>
    /// <exception cref="ArgumentException">The name is taken, reserved or empty.</exception>
    public void Add(string name, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var copy = tensor(value, dtype: ScalarType.Byte);
        Add(name, copy);
    }

    /// <summary>A tensor of the checkpoint; it stays the checkpoint's.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public Tensor Get(string name) =>
        _tensors.TryGetValue(name, out var value) ? value : throw Missing(name);

    /// <summary>A copy of bytes that were added as bytes.</summary>
    /// <exception cref="InputException">There are none of that name.</exception>
    public byte[] GetBytes(string name)
    {
        var value = Get(name);
        return value.dtype == ScalarType.Byte && value.dim() == 1
            ? value.bytes.ToArray()
            : throw InputException.InFile(_origin, $"tensor '{name}'", "bytes", $"{value.dtype} of {value.dim()} dimensions", OtherRun);
    }

    /// <summary>Writes the checkpoint; the one that was there becomes the previous one.</summary>
    /// <remarks>Written to <c>path.tmp</c>, flushed to the disk, renamed: a kill at any moment leaves a whole checkpoint.</remarks>
    /// <exception cref="InputException">The disk is full or the folder read-only; the older checkpoints are untouched.</exception>
    public void Save(string path) => Save(path, null);

    internal void Save(string path, Action? beforeReplace)
    {
        var entries = Safetensors.Arrange(_tensors);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [KindKey] = Kind,
            [VersionKey] = $"{FormatVersion}",
            [StateKey] = State.ToJsonString(),
            [TensorsHashKey] = Safetensors.Hash(entries, _tensors),
        };
        metadata[HeaderHashKey] = HashHeader(entries, metadata);
        AtomicFile.Write(path, stream => Safetensors.WriteTo(stream, entries, _tensors, metadata), PreviousPath(path), beforeReplace);
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var value in _tensors.Values)
        {
            value.Dispose();
        }

        _tensors.Clear();
    }

    private static JsonObject ParseState(string path, string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, $"metadata '{StateKey}'", "a JSON object", "something else", OtherFile, error);
        }
    }
}
