using System.Security.Cryptography;
using DcpNas.Runs;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Inference;

/// <summary>A packed model with what its file says besides.</summary>
public sealed class ModelFile
{
    private readonly Lazy<Header> _header;
    private readonly byte[] _bytes;

    private ModelFile(string path, PackedModel model, byte[] bytes)
    {
        (Path, Model, _bytes) = (path, model, bytes);
        _header = new Lazy<Header>(() => Header.Of(bytes));
    }

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>The model.</summary>
    public PackedModel Model { get; }

    /// <summary>Size of the file.</summary>
    public long Bytes => _bytes.Length;

    /// <summary>Of them, words of packed weights.</summary>
    public long BinaryBytes => _header.Value.BinaryBytes;

    /// <summary>Of them, reals, thresholds and rules.</summary>
    public long RealBytes => Bytes - MetadataBytes - BinaryBytes;

    /// <summary>Of them, the header: graph, names, classes, hashes.</summary>
    public long MetadataBytes => _header.Value.MetadataBytes;

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
    public string Sha256 => _header.Value.Sha256;

    /// <summary>SHA-256 of the description of the graph, as the file holds it (and as it was checked).</summary>
    public string ModelSha256 => _header.Value.ModelSha256;

    /// <summary>SHA-256 of the weights, likewise.</summary>
    public string TensorsSha256 => _header.Value.TensorsSha256;

    /// <summary>Reads a model file, or a network that comes with the tool (<see cref="ModelZoo"/>).</summary>
    /// <param name="path">The file; where there is none of that name, the name of a network.</param>
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

        return Load(path) ?? throw ToBeExported(path, "a checkpoint");
    }

    /// <summary>Reads a model file; null where there is no file of that name, nor a network that comes with the tool, or a file that is a checkpoint.</summary>
    /// <inheritdoc cref="Open"/>
    public static ModelFile? OpenUnlessCheckpoint(string path) => File.Exists(path) || ModelZoo.IsName(path) ? Load(path) : null;

    /// <summary>Writes the file as it is to another place.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void CopyTo(string path) => AtomicFile.Write(path, stream => stream.Write(_bytes));

    /// <summary>Refuses a mode that the model does not have.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public void ThrowIfWithout(NumericMode mode)
    {
        if (mode == NumericMode.Fast && Model.Info.FixedPoint is null)
        {
            throw new InputException($"{Path}: the model has no fast mode: its file says nothing about fixed-point numbers. Export the network again (dcpnas export, at least 2 images), or leave out --mode fast.");
        }

        if (mode == NumericMode.Integer && Model.Info.Integers is null)
        {
            throw new InputException($"{Path}: the model has no integer mode: its file holds no integers. Export the network again (dcpnas export --integer, at least 2 images), or leave out --mode integer.");
        }
    }

    private static ModelFile? Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = ModelZoo.IsName(path) ? ModelZoo.Bytes(path) : WholeFile.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file. Name one that dcpnas export has written, or {ModelZoo.Known(path)}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message.TrimEnd('.')}. Name a file that dcpnas export has written.", error);
        }

        try
        {
            return new ModelFile(path, PackedModel.Load(bytes, path), bytes);
        }
        catch (PackedModelException) when (IsCheckpoint(bytes))
        {
            return null;
        }
    }

    private static InputException ToBeExported(string path, string what) =>
        new($"{path}: is {what}, not a packed model. Write one first: dcpnas export {path} --out net.dcpnas");

    /// <summary>Whether the header of what the runtime has refused names the other kind of safetensors file.</summary>
    private static bool IsCheckpoint(byte[] bytes)
    {
        try
        {
            return SafetensorsReader.ReadHeader(new MemoryStream(bytes)).Metadata.GetValueOrDefault("kind") == "checkpoint";
        }
        catch (ModelFaultException)
        {
            return false;
        }
    }

    /// <summary>What only those ask who describe a file: sizes and hashes.</summary>
    private sealed record Header(long MetadataBytes, long BinaryBytes, string Sha256, string ModelSha256, string TensorsSha256)
    {
        /// <summary>Of bytes that the runtime has read: the header is well-formed and its offsets hold.</summary>
        public static Header Of(byte[] bytes)
        {
            var header = SafetensorsReader.ReadHeader(new MemoryStream(bytes));
            var words = header.Entries.Where(entry => entry.Type == ElementType.Int64).Sum(entry => entry.End - entry.Begin);
            return new Header(
                header.DataStart, words, Convert.ToHexStringLower(SHA256.HashData(bytes)), header.Metadata[ModelFormat.ModelHashKey], header.Metadata[ModelFormat.TensorHashKey]);
        }
    }
}
