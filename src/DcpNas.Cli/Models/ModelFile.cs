using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using DcpNas.Runs;
using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>A packed model with what its file says besides.</summary>
internal sealed class ModelFile
{
    private const int LengthBytes = 8;
    private const string MetadataKey = "__metadata__";
    private const string PackedWords = "I64";

    private ModelFile(string path, PackedModel model, byte[] bytes)
    {
        (Path, Model, Bytes) = (path, model, bytes.Length);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));

        // The bytes were read by the runtime just now: the header is well-formed and its offsets hold.
        var header = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        MetadataBytes = LengthBytes + header;
        using var document = JsonDocument.Parse(bytes.AsMemory(LengthBytes, header));
        foreach (var entry in document.RootElement.EnumerateObject())
        {
            if (entry.Name == MetadataKey)
            {
                ModelSha256 = entry.Value.GetProperty("model_sha256").GetString()!;
                TensorsSha256 = entry.Value.GetProperty("tensors_sha256").GetString()!;
                continue;
            }

            var offsets = entry.Value.GetProperty("data_offsets");
            var size = offsets[1].GetInt64() - offsets[0].GetInt64();
            if (entry.Value.GetProperty("dtype").GetString() == PackedWords)
            {
                BinaryBytes += size;
            }
            else
            {
                RealBytes += size;
            }
        }
    }

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>The model.</summary>
    public PackedModel Model { get; }

    /// <summary>Size of the file.</summary>
    public long Bytes { get; }

    /// <summary>Of them, words of packed weights.</summary>
    public long BinaryBytes { get; }

    /// <summary>Of them, reals, thresholds and rules.</summary>
    public long RealBytes { get; }

    /// <summary>Of them, the header: graph, names, classes, hashes.</summary>
    public long MetadataBytes { get; }

    /// <summary>Size of a file of the same network in its form for shipping (<see cref="PackedModel.Compact"/>).</summary>
    public long CompactBytes
    {
        get
        {
            using var stream = new MemoryStream();
            Model.Compact().Save(stream);
            return stream.Length;
        }
    }

    /// <summary>SHA-256 of the file.</summary>
    public string Sha256 { get; }

    /// <summary>SHA-256 of the description of the graph, as the file holds it (and as it was checked).</summary>
    public string ModelSha256 { get; } = "";

    /// <summary>SHA-256 of the weights, likewise.</summary>
    public string TensorsSha256 { get; } = "";

    /// <summary>Reads a model file.</summary>
    /// <exception cref="InputException">It cannot be read, or is what a packed model is made from.</exception>
    /// <exception cref="PackedModelException">It is no model, or a damaged one.</exception>
    public static ModelFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw File.Exists(System.IO.Path.Combine(path, RunFiles.BestModel))
                ? ToBeExported(path, "the folder of a training")
                : new InputException($"{path}: is a folder, not a packed model. Name a file that dcpnas export has written.");
        }

        byte[] bytes;
        try
        {
            bytes = WholeFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message.TrimEnd('.')}. Name a file that dcpnas export has written.", error);
        }

        return IsCheckpoint(bytes) ? throw ToBeExported(path, "a checkpoint") : new ModelFile(path, PackedModel.Load(bytes, path), bytes);
    }

    private static InputException ToBeExported(string path, string what) =>
        new($"{path}: is {what}, not a packed model. Write one first: dcpnas export {path} --out net.dcpnas");

    /// <summary>Whether the header names the other kind of safetensors file; what is neither, the runtime refuses.</summary>
    private static bool IsCheckpoint(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LengthBytes || BinaryPrimitives.ReadUInt64LittleEndian(bytes) > (ulong)(bytes.Length - LengthBytes))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes.Slice(LengthBytes, (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes)));
            using var header = JsonDocument.ParseValue(ref reader);
            return header.RootElement.ValueKind == JsonValueKind.Object
                && header.RootElement.TryGetProperty(MetadataKey, out var metadata) && metadata.ValueKind == JsonValueKind.Object
                && metadata.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("checkpoint");
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
