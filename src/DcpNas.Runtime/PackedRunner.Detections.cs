namespace DcpNas.Runtime;

/// <content>Boxes.</content>
public sealed partial class PackedRunner
{
    private DetectionDecoder? _decoder;
    private IntegerDetector? _integerDetector;
    private IReadOnlyDictionary<string, int>? _integerExponents;

    /// <summary>The objects that a detector has found in an image of the last call, by falling score.</summary>
    /// <param name="image">The number of the image, from 0.</param>
    /// <param name="width">Columns of the image before it was scaled to the input of the model; 0 for those of the input.</param>
    /// <param name="height">Its rows; 0 for those of the input.</param>
    /// <returns>Boxes in pixels of that size. How they are made: <see cref="DetectionDecoder"/>; in the integer mode <see cref="IntegerDetector"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, or a size is negative.</exception>
    /// <exception cref="InvalidOperationException">The model is no detector.</exception>
    public IReadOnlyList<Detection> Detections(int image, int width = 0, int height = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, ImageCount);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        var detector = Model.Info.Detector ?? throw new InvalidOperationException("The model is no detector: it does not say how its outputs become boxes.");
        var (across, down) = (width == 0 ? Model.Graph.Input.Width : width, height == 0 ? Model.Graph.Input.Height : height);
        return _options.Mode == NumericMode.Integer
            ? [.. IntegerBoxes(image).Select(box => At(
                box.Class, box.Score / (double)IntegerDetector.Certain, box.Left / (double)IntegerDetector.Whole, box.Top / (double)IntegerDetector.Whole,
                box.Right / (double)IntegerDetector.Whole, box.Bottom / (double)IntegerDetector.Whole))]
            : [.. RealBoxes(detector, image).Select(box => At(box.Class, box.Score, box.Left, box.Top, box.Right, box.Bottom))];

        Detection At(int index, double score, double left, double top, double right, double bottom) =>
            new(index, Model.LabelOf(index), (float)score, (float)(left * across), (float)(top * down), (float)(right * across), (float)(bottom * down));
    }

    /// <summary>What <see cref="Detections"/> gives in the integer mode, in the whole numbers in which it was computed.</summary>
    /// <param name="image">The number of the image, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="InvalidOperationException">The model is no detector, or runs in another mode.</exception>
    public IReadOnlyList<IntegerBox> IntegerBoxes(int image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, ImageCount);
        if (Model.Info.Detector is not { } detector || _options.Mode != NumericMode.Integer)
        {
            throw new InvalidOperationException("Boxes in whole numbers are those of a detector in the integer mode.");
        }

        _integerDetector ??= IntegerDetector.Of(Model);
        var exponents = _integerExponents ??= Model.Info.Integers!.Exponents(Model.Graph);
        return _integerDetector.Decode(Integers(level => level.Scores), Integers(level => level.Boxes));

        short[] Integers(Func<DetectorLevel, string> output) => [.. detector.Levels.Select(output).SelectMany(name =>
        {
            var exponent = exponents[Model.Graph.Outputs.First(other => other.Name == name).Value];
            return NumbersOf([name], image).Select(value => (short)Math.ScaleB(value, exponent)); // exact: outputs are whole multiples in this mode
        })];
    }

    private IReadOnlyList<BoxCandidate> RealBoxes(DetectorInfo detector, int image)
    {
        _decoder ??= new DetectionDecoder(detector.Anchors(Model.Graph), Model.Info.Classes.Count, detector.Settings);
        return _decoder.Decode(NumbersOf(detector.Levels.Select(level => level.Scores), image), NumbersOf(detector.Levels.Select(level => level.Boxes), image));
    }

    /// <summary>The numbers of some outputs for an image, one output after the other.</summary>
    private float[] NumbersOf(IEnumerable<string> outputs, int image)
    {
        var numbers = new List<float>();
        foreach (var output in outputs)
        {
            var all = Output(output);
            var length = all.Length / ImageCount;
            numbers.AddRange(all.Slice(image * length, length));
        }

        return [.. numbers];
    }
}
