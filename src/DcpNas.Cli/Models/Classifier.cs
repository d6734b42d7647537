using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Cli.Models;

/// <summary>Runs a packed classifier on image files: decodes them and brings them to its size as it says.</summary>
internal sealed class Classifier : IDisposable
{
    private readonly PackedModel _model;
    private readonly PackedRunnerPool _pool;
    private readonly int _threads;

    /// <summary>Prepares a model.</summary>
    /// <param name="file">The model.</param>
    /// <param name="threads">Images in work at a time.</param>
    /// <param name="mode">What is computed with.</param>
    /// <exception cref="InputException">The model cannot classify image files.</exception>
    public Classifier(ModelFile file, int threads, NumericMode mode = NumericMode.Exact)
    {
        _model = file.Model;
        if (_model.Graph.Outputs.All(output => output.Name != GraphOutput.Logits))
        {
            throw new InputException(
                $"{file.Path}: the model is no classifier: it has no output '{GraphOutput.Logits}', but {string.Join(", ", _model.Graph.Outputs.Select(output => $"'{output.Name}'"))}. Name another model.");
        }

        ImageInput.Check(file);
        _threads = threads;
        _pool = new PackedRunnerPool(_model, threads, new PackedRunnerOptions { Mode = mode });
        _pool.Rent().Dispose(); // a model that takes too much memory is refused here, not in the middle
    }

    /// <summary>Classes that the model knows.</summary>
    public int ClassCount => (int)_model.Graph.ShapeOf(_model.Graph.Outputs.Single(output => output.Name == GraphOutput.Logits).Value).Elements;

    /// <summary>The names of the classes.</summary>
    public IEnumerable<string> ClassNames => Enumerable.Range(0, ClassCount).Select(_model.LabelOf);

    /// <summary>The longest name of a class.</summary>
    public int LabelWidth => ClassNames.Max(name => name.Length);

    /// <summary>Classifies images, in the order of the files whatever the number of threads.</summary>
    /// <param name="files">The files.</param>
    /// <param name="top">Classes per image.</param>
    /// <param name="cancellation">Ends it.</param>
    public IEnumerable<ImagePrediction> Run(IReadOnlyList<string> files, int top, CancellationToken cancellation = default) => files
        .AsParallel()
        .AsOrdered()
        .WithDegreeOfParallelism(_threads)
        .WithMergeOptions(ParallelMergeOptions.NotBuffered)
        .WithCancellation(cancellation)
        .Select(file => Classify(file, top));

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private ImagePrediction Classify(string file, int top)
    {
        byte[] pixels;
        try
        {
            pixels = ImageInput.Read(_model, file);
        }
        catch (InputException error)
        {
            return new ImagePrediction(file, [], error.Message);
        }

        using var lease = _pool.Rent();
        lease.Runner.Run(pixels);
        var classes = new Prediction[int.Min(top, ClassCount)];
        lease.Runner.TopClasses(0, classes);
        return new ImagePrediction(file, classes, null);
    }
}
