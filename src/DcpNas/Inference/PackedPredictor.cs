using DcpNas.Data;
using DcpNas.Data.Detection;
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

    /// <summary>Prepares a model that must be a detector.</summary>
    /// <inheritdoc cref="PackedPredictor(ModelFile, PredictorOptions)"/>
    public static PackedPredictor OfDetector(ModelFile file, PredictorOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        return KindOf(file.Model) == PredictionKind.Boxes
            ? new PackedPredictor(file, options)
            : throw new InputException($"{file.Path}: the model is no detector: it does not say how its outputs become boxes. Name another model.");
    }

    /// <inheritdoc/>
    public ImageResult Predict(string file)
    {
        var (input, preprocessing) = (_model.Graph.Input, _model.Info.Preprocessing!);
        if (Kind == PredictionKind.Boxes)
        {
            var image = ImageScaling.Read(file);
            var scaled = ImageScaling.Scale(image, input.Height, input.Width);
            return Run(scaled, runner => new ImageResult(file) { Image = image, Boxes = [.. runner.Detections(0, image.Width, image.Height).Where(box => box.Score >= _options.Score)] });
        }

        var pixels = preprocessing.Fit == ImageFit.Stretch
            ? ImageFiles.ReadStretched(file, input.Height, input.Width, input.Channels)
            : ImageFiles.Read(file, preprocessing.Resize, input.Height, input.Width, input.Channels);
        return Run(pixels, runner =>
        {
            if (Kind == PredictionKind.Embedding)
            {
                return new ImageResult(file) { Embedding = runner.Embedding.ToArray() };
            }

            var classes = new Prediction[int.Min(_options.Top, ClassNames.Count)];
            runner.TopClasses(0, classes);
            return new ImageResult(file) { Classes = classes };
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private ImageResult Run(byte[] pixels, Func<PackedRunner, ImageResult> read)
    {
        using var lease = _pool.Rent();
        lease.Runner.Run(pixels);
        return read(lease.Runner);
    }

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
