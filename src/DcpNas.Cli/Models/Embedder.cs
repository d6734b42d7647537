using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Cli.Models;

/// <summary>Runs a packed network of embeddings on image files: decodes them and brings them to its size as it says.</summary>
internal sealed class Embedder : IDisposable
{
    private readonly PackedModel _model;
    private readonly PackedRunnerPool _pool;
    private readonly int _threads;

    /// <summary>Prepares a model.</summary>
    /// <param name="file">The model.</param>
    /// <param name="threads">Images in work at a time.</param>
    /// <param name="mode">What is computed with.</param>
    /// <exception cref="InputException">The model cannot read image files.</exception>
    public Embedder(ModelFile file, int threads, NumericMode mode = NumericMode.Exact)
    {
        _model = file.Model;
        ImageInput.Check(file);
        _threads = threads;
        _pool = new PackedRunnerPool(_model, threads, new PackedRunnerOptions { Mode = mode });
        _pool.Rent().Dispose(); // a model that takes too much memory is refused here, not in the middle
    }

    /// <summary>Whether a model gives embeddings and no classes.</summary>
    public static bool Fits(PackedModel model) =>
        model.Graph.Outputs.Any(output => output.Name == GraphOutput.Embedding) && model.Graph.Outputs.All(output => output.Name != GraphOutput.Logits);

    /// <summary>Embeds images, in the order of the files whatever the number of threads.</summary>
    /// <param name="files">The files.</param>
    /// <param name="cancellation">Ends it.</param>
    public IEnumerable<ImageEmbedding> Run(IReadOnlyList<string> files, CancellationToken cancellation = default) => files
        .AsParallel()
        .AsOrdered()
        .WithDegreeOfParallelism(_threads)
        .WithMergeOptions(ParallelMergeOptions.NotBuffered)
        .WithCancellation(cancellation)
        .Select(Embed);

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private ImageEmbedding Embed(string file)
    {
        byte[] pixels;
        try
        {
            pixels = ImageInput.Read(_model, file);
        }
        catch (InputException error)
        {
            return new ImageEmbedding(file, [], error.Message);
        }

        using var lease = _pool.Rent();
        lease.Runner.Run(pixels);
        return new ImageEmbedding(file, lease.Runner.Embedding.ToArray(), null);
    }
}
