using DcpNas.Runtime.Model;
using static TorchSharp.torch;

namespace DcpNas.Foundation;

/// <summary>The tensors and metadata of a safetensors file, in memory. Owns the tensors.</summary>
public sealed class SafetensorsFile : IDisposable
{
    internal SafetensorsFile(SafetensorsHeader header, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Header = header;
        Tensors = tensors;
    }

    /// <summary>The checked header.</summary>
    internal SafetensorsHeader Header { get; }

    /// <summary>The metadata, empty if the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Header.Metadata;

    /// <summary>The tensors, on the CPU; valid until <see cref="Dispose"/>, whatever dispose scope surrounds them.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
