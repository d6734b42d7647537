using DcpNas.Inference;
using DcpNas.Networks;

namespace DcpNas.Cli.Bench;

/// <summary>The real-valued network of the architecture of a packed model in another runtime, on one thread.</summary>
internal interface IReferenceBackend : IDisposable
{
    /// <summary>Name and version of the other runtime.</summary>
    string Name { get; }

    /// <summary>The network.</summary>
    NetworkDescription Network { get; }

    /// <summary>Size of its file.</summary>
    long Bytes { get; }

    /// <summary>Runs the images. To be called by <see cref="Measure"/>.</summary>
    void Run();

    /// <summary>Measures on the thread where <see cref="Run"/> belongs.</summary>
    T Measure<T>(Func<T> measurement);

    /// <summary>The same network in 8 bits, calibrated on the images.</summary>
    /// <param name="images">Normalised images, <c>[N, C, H, W]</c>.</param>
    /// <param name="batch">N.</param>
    IReferenceBackend Quantize(float[] images, int batch);
}

/// <summary>Finds out what network a packed model is, before anything is measured.</summary>
/// <param name="file">The packed model.</param>
/// <returns>Builds its real-valued network.</returns>
/// <exception cref="InputException">The file does not say its network.</exception>
internal delegate BackendBuilder BackendFactory(ModelFile file);

/// <summary>Builds a network in float32 and prepares it.</summary>
/// <param name="images">Normalised images, <c>[N, C, H, W]</c>.</param>
/// <param name="batch">N.</param>
internal delegate IReferenceBackend BackendBuilder(float[] images, int batch);
