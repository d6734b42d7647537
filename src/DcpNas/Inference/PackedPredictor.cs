using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace DcpNas.Inference;

/// <summary>Asks a packed model. For any number of threads.</summary>
public sealed class PackedPredictor : IPredictor
{
    private readonly PackedModel _model;
    private readonly PackedRunnerPool _pool;
    private readonly PredictorOptions _options;

    /// <summary>Prepares a model.</summary>
    /// <param name="file">The model.</param>
    /// <param name="options">How it is asked.</param>
    /// <exception cref="InputException">It does not read image files, has no output that is known, or not the mode.</exception>
    public PackedPredictor(ModelFile file, PredictorOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        (_model, _options, Path) = (file.Model, options, file.Path);
        Kind = KindOf(_model) ?? throw new InputException(
            $"{Path}: the model is no classifier: it has no output '{GraphOutput.Logits}', but {string.Join(", ", _model.Graph.Outputs.Select(output => $"'{output.Name}'"))}. Name another model.");
        ThrowIfNotOfImages();
        file.ThrowIfWithout(options.Mode);
        ClassNames = Kind switch
        {
            PredictionKind.Boxes => _model.Info.Classes,
            PredictionKind.Classes => [.. Enumerable.Range(0, (int)_model.Graph.ShapeOf(_model.Graph.Outputs.Single(output => output.Name == GraphOutput.Logits).Value).Elements).Select(_model.LabelOf)],
            _ => [],
        };
        _pool = new PackedRunnerPool(_model, options.Threads, new PackedRunnerOptions { Mode = options.Mode });
        _pool.Rent().Dispose(); // a model that takes too much memory is refused here, not in the middle
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public PredictionKind Kind { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public int Threads => _options.Threads;

    /// <summary>What a model says of images; null where it has none of the outputs that are known.</summary>
    public static PredictionKind? KindOf(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Info.Detector is not null ? PredictionKind.Boxes
            : Has(GraphOutput.Logits) ? PredictionKind.Classes
            : Has(GraphOutput.Embedding) ? PredictionKind.Embedding
            : null;

        bool Has(string name) => model.Graph.Outputs.Any(output => output.Name == name);
    }

    /// <inheritdoc/>
    public ImageResult Predict(string file)
    {
        var (input, preprocessing) = (_model.Graph.Input, _model.Info.Preprocessing!);
        var (pixels, image) = PredictorPixels.Read(file, Kind, (input.Height, input.Width, input.Channels), preprocessing.Fit == ImageFit.Stretch, preprocessing.Resize);
        using var lease = _pool.Rent();
        var runner = lease.Runner;
        runner.Run(pixels);
        if (Kind == PredictionKind.Boxes)
        {
            return image with { Boxes = [.. runner.Detections(0, image.Image!.Width, image.Image.Height).Where(box => box.Score >= _options.Score)] };
        }

        if (Kind == PredictionKind.Embedding)
        {
            return image with { Embedding = runner.Embedding.ToArray() };
        }

        var classes = new Prediction[int.Min(_options.Top, ClassNames.Count)];
        runner.TopClasses(0, classes);
        return image with { Classes = classes };
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private void ThrowIfNotOfImages()
    {
        var (hasPixels, channels) = (_model.Info.Preprocessing is not null, _model.Graph.Input.Channels);
        if (Kind == PredictionKind.Boxes && (!hasPixels || channels != 3))
        {
            throw new InputException($"{Path}: the model does not read colour images as files hold them. Run it from a program that prepares images itself.");
        }

        if (!hasPixels)
        {
            throw new InputException($"{Path}: the model does not say how pixels become numbers (preprocessing). Export it again, or run it from a program that normalises images itself.");
        }

        if (channels is not (1 or 3))
        {
            throw new InputException($"{Path}: the model reads {channels} channels, but image files have 3 (or 1 as grey). Name another model.");
        }
    }
}
