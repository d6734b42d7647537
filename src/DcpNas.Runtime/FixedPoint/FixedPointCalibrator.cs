using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>Gives a model its fast mode: finds the ranges of its values on images, then measures on other images how near the fast results are to the exact ones.</summary>
/// <remarks>
/// <para>A range covers everything that a node computes on its way, and is doubled for images that were not seen. Numbers beyond it saturate.</para>
/// <para>Not thread-safe. Use: <see cref="Observe"/> for some hundreds of images, <see cref="Compare"/> for as many others, <see cref="Finish"/>.</para>
/// </remarks>
public sealed class FixedPointCalibrator : IDisposable
{
    private readonly PackedModel _model;
    private readonly FixedPointRanges _ranges;
    private readonly PackedRunner _exact;
    private PackedRunner? _fast;
    private long _observed;
    private long _compared;
    private long _same;
    private long _labelled;
    private long _exactRight;
    private long _fastRight;
    private double _difference;
    private double _size;

    /// <summary>Starts a calibration.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <exception cref="PackedModelException">The values of an image take too much memory.</exception>
    public FixedPointCalibrator(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _exact = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        _ranges = new FixedPointRanges(model.Graph);
    }

    /// <summary>Widens the ranges by those of some images.</summary>
    /// <param name="images">Normalised images, one after the other.</param>
    /// <param name="layout">The order within each image.</param>
    /// <exception cref="ArgumentException">The length is not that of one image or more.</exception>
    /// <exception cref="InvalidOperationException">A comparison has begun.</exception>
    public void Observe(ReadOnlySpan<float> images, PixelLayout layout = PixelLayout.Nhwc)
    {
        if (_fast is not null)
        {
            throw new InvalidOperationException("Ranges are settled once a comparison has begun. Observe all images first.");
        }

        var length = (int)_model.Graph.Input.Elements;
        for (var start = 0; start == 0 || start < images.Length; start += length)
        {
            _exact.Run(images.Slice(start, int.Min(length, images.Length - start)), layout);
            _ranges.Observe(_exact);
            _observed++;
        }
    }

    /// <summary>Compares the results of both modes.</summary>
    /// <param name="images">Normalised images, one after the other; not those that were observed.</param>
    /// <param name="layout">The order within each image.</param>
    /// <param name="labels">Of a classifier: the class of each image; or empty, where it is not known.</param>
    /// <exception cref="ArgumentException">The length is not that of one image or more, or there is another number of labels.</exception>
    /// <exception cref="InvalidOperationException">No image was observed.</exception>
    public void Compare(ReadOnlySpan<float> images, PixelLayout layout = PixelLayout.Nhwc, ReadOnlySpan<int> labels = default)
    {
        var count = images.Length / (int)_model.Graph.Input.Elements;
        if (!labels.IsEmpty && labels.Length != count)
        {
            throw new ArgumentException($"labels must be {count}, one per image, got {labels.Length}.", nameof(labels));
        }

        if (_observed == 0)
        {
            throw new InvalidOperationException("Ranges are unknown before an image was observed.");
        }

        _fast ??= new PackedRunner(With(new FixedPointAgreement(1, 0, null)), new PackedRunnerOptions { Mode = NumericMode.Fast });
        _fast.Run(images, layout);
        _exact.Run(images, layout);
        foreach (var (name, _) in _model.Graph.Outputs)
        {
            var exact = _exact.Output(name);
            var fast = _fast.Output(name);
            for (var i = 0; i < exact.Length; i++)
            {
                var difference = (double)fast[i] - exact[i];
                (_difference, _size) = (_difference + (difference * difference), _size + ((double)exact[i] * exact[i]));
            }
        }

        if (IsClassifier)
        {
            Span<Prediction> exact = new Prediction[1], fast = new Prediction[1];
            for (var image = 0; image < _exact.ImageCount; image++)
            {
                _exact.TopClasses(image, exact);
                _fast.TopClasses(image, fast);
                _same += exact[0].Class == fast[0].Class ? 1 : 0;
                _exactRight += !labels.IsEmpty && exact[0].Class == labels[image] ? 1 : 0;
                _fastRight += !labels.IsEmpty && fast[0].Class == labels[image] ? 1 : 0;
            }
        }

        _compared += _exact.ImageCount;
        _labelled += IsClassifier ? labels.Length : 0;
    }

    /// <summary>The model with its fast mode.</summary>
    /// <exception cref="InvalidOperationException">Nothing was compared.</exception>
    public PackedModel Finish() => _compared == 0
        ? throw new InvalidOperationException("The fast mode is given only with its agreement. Compare some images first.")
        : With(new FixedPointAgreement(_compared, _size > 0 ? Math.Sqrt(_difference / _size) : 0, IsClassifier ? (double)_same / _compared : null, Share(_exactRight), Share(_fastRight)));

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _exact.Dispose();
        _fast?.Dispose();
    }

    /// <summary>Null unless every image had a label.</summary>
    private double? Share(long right) => _labelled == _compared ? (double)right / _labelled : null;

    private bool IsClassifier => _model.Graph.Outputs.Any(output => output.Name == GraphOutput.Logits);

    private PackedModel With(FixedPointAgreement agreement) =>
        new(_model.Graph, _model.Info with { FixedPoint = new FixedPointInfo { Exponents = _ranges.Exponents(), CalibrationImages = _observed, Agreement = agreement } });
}
