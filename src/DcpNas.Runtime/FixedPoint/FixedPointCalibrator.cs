namespace DcpNas.Runtime;

/// <summary>Gives a model its fast or its integer mode: finds the ranges of its values on images, then measures on other images how near the results are to the exact ones.</summary>
/// <remarks>
/// <para>A range covers everything that a node computes on its way, and is doubled for images that were not seen. Numbers beyond it saturate.</para>
/// <para>Not thread-safe. Use: <see cref="Observe"/> for some hundreds of images, <see cref="Compare"/> for as many others, <see cref="Finish"/>.</para>
/// </remarks>
public sealed class FixedPointCalibrator : IDisposable
{
    private readonly PackedModel _model;
    private readonly NumericMode _mode;
    private readonly int _bits;
    private readonly FixedPointRanges _ranges;
    private readonly PackedRunner _exact;
    private PackedRunner? _other;
    private PackedModel? _ready;
    private ModeComparison? _comparison;
    private long _observed;

    /// <summary>Starts a calibration of the fast mode.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <exception cref="PackedModelException">The values of an image take too much memory.</exception>
    public FixedPointCalibrator(PackedModel model)
        : this(model, NumericMode.Fast)
    {
    }

    /// <summary>Starts a calibration.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="mode">The mode that the model is to have: <see cref="NumericMode.Fast"/> or <see cref="NumericMode.Integer"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another mode.</exception>
    /// <exception cref="PackedModelException">The values of an image take too much memory.</exception>
    public FixedPointCalibrator(PackedModel model, NumericMode mode)
        : this(model, mode, IntegerNode.WideBits)
    {
    }

    /// <summary>Starts a calibration of numbers of fewer bits.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="mode">The mode that the model is to have: <see cref="NumericMode.Fast"/> or <see cref="NumericMode.Integer"/>.</param>
    /// <param name="bits">Of the integer mode, bits of the numbers that layers hand on to each other: 16, or 8, which take half of the memory in generated code and are less exact.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another mode, or other bits.</exception>
    /// <exception cref="PackedModelException">The values of an image take too much memory.</exception>
    public FixedPointCalibrator(PackedModel model, NumericMode mode, int bits)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (bits != IntegerNode.WideBits && (bits != IntegerNode.NarrowBits || mode != NumericMode.Integer))
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "The bits must be 16, or 8 in the integer mode.");
        }

        if (mode is not (NumericMode.Fast or NumericMode.Integer))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "The mode must be Fast or Integer.");
        }

        (_model, _mode, _bits) = (model, mode, bits);
        _exact = new PackedRunner(model, new PackedRunnerOptions { KeepValues = true });
        _ranges = new FixedPointRanges(model.Graph, everyNode: mode == NumericMode.Integer);
    }

    /// <summary>Widens the ranges by those of some images.</summary>
    /// <param name="images">Normalised images, one after the other.</param>
    /// <param name="layout">The order within each image.</param>
    /// <exception cref="ArgumentException">The length is not that of one image or more.</exception>
    /// <exception cref="InvalidOperationException">A comparison has begun.</exception>
    public void Observe(ReadOnlySpan<float> images, PixelLayout layout = PixelLayout.Nhwc)
    {
        if (_comparison is not null)
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
    /// <exception cref="PackedModelException">A node cannot be computed in integers; the message names it and what to do.</exception>
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

        if (_comparison is null)
        {
            _ready = Ready();
            _other = new PackedRunner(_ready, new PackedRunnerOptions { Mode = _mode });
            _comparison = new ModeComparison(_exact, _other);
        }

        _other!.Run(images, layout);
        _exact.Run(images, layout);
        _comparison.Count(labels);
    }

    /// <summary>The model with its new mode.</summary>
    /// <exception cref="InvalidOperationException">Nothing was compared.</exception>
    public PackedModel Finish()
    {
        if (_comparison is null)
        {
            throw new InvalidOperationException($"The {_mode.ToString().ToLowerInvariant()} mode is given only with its agreement. Compare some images first.");
        }

        var (info, agreement) = (_ready!.Info, _comparison.Result());
        return new(_model.Graph, _mode == NumericMode.Fast
            ? info with { FixedPoint = info.FixedPoint! with { Agreement = agreement } }
            : info with { Integers = info.Integers! with { Agreement = agreement } });
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _exact.Dispose();
        _other?.Dispose();
    }

    /// <summary>The model with the mode, its agreement yet unknown.</summary>
    private PackedModel Ready()
    {
        var unknown = new FixedPointAgreement(1, 0, null);
        if (_mode == NumericMode.Fast)
        {
            return new(_model.Graph, _model.Info with { FixedPoint = new FixedPointInfo { Exponents = _ranges.Exponents(), CalibrationImages = _observed, Agreement = unknown } });
        }

        var (image, nodes) = IntegerQuantizer.Quantize(_model, _ranges.Exponents(), _bits);
        return new(_model.Graph, _model.Info with { Integers = new IntegerInfo { Image = image, Nodes = nodes, CalibrationImages = _observed, Agreement = unknown } });
    }
}
