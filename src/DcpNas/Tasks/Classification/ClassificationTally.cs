namespace DcpNas.Tasks.Classification;

/// <summary>Counts what a classifier did, batch by batch; <see cref="Measure"/> turns the counts into measures.</summary>
/// <remarks>
/// <para>
/// <b>Ties.</b> The rank of a label is the number of classes with a larger logit, plus the number of classes with an equal logit and a smaller index.
/// So of equal logits the smallest index is predicted, as argmax does, and an output that is the same for all classes is right for class 0 alone.
/// </para>
/// <para>
/// <b>Exactness.</b> Ranks compare the logits as they are; every count is a whole number. Probabilities are softmax in double precision, shifted by the
/// largest logit, and their sums run in the order of the images.
/// </para>
/// </remarks>
public sealed class ClassificationTally
{
    private const int TopMany = 5;
    private readonly long[,] _confusion;
    private readonly CalibrationTally _calibration = new();
    private readonly List<Prediction> _predictions = [];
    private readonly double[] _probabilities;
    private long _top5;

    /// <summary>Creates an empty tally.</summary>
    /// <param name="classes">Number of classes, at least 2.</param>
    public ClassificationTally(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Classes = classes;
        _confusion = new long[classes, classes];
        _probabilities = new double[classes];
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>What was predicted for each image, in the order of <see cref="Add"/>.</summary>
    public IReadOnlyList<Prediction> Predictions => _predictions;

    /// <summary>Counts a batch.</summary>
    /// <param name="logits">Outputs before softmax, <c>[N, Classes]</c>, row by row.</param>
    /// <param name="labels">The true classes, <c>[N]</c>, from 0.</param>
    /// <exception cref="ArgumentException">The lengths do not belong together, or a label is no class.</exception>
    /// <exception cref="InputException">A logit is not finite: the network that gave it is broken.</exception>
    public void Add(ReadOnlySpan<float> logits, ReadOnlySpan<long> labels)
    {
        if (logits.Length != (long)labels.Length * Classes)
        {
            throw new ArgumentException($"logits must hold {Classes} values for each of {labels.Length} labels, got {logits.Length}.", nameof(logits));
        }

        for (var image = 0; image < labels.Length; image++)
        {
            if (labels[image] < 0 || labels[image] >= Classes)
            {
                throw new ArgumentException($"labels must be from 0 to {Classes - 1}, got {labels[image]}.", nameof(labels));
            }

            Count(logits.Slice(image * Classes, Classes), (int)labels[image]);
        }
    }

    /// <summary>The measures of everything counted so far.</summary>
    /// <exception cref="InvalidOperationException">Nothing was counted.</exception>
    public ClassificationMetrics Measure()
    {
        if (_predictions.Count == 0)
        {
            throw new InvalidOperationException("At least one image must be counted before it can be measured.");
        }

        return new ClassificationMetrics((long[,])_confusion.Clone(), (double)_top5 / _predictions.Count, _calibration.Measure());
    }

    private void Count(ReadOnlySpan<float> logits, int label)
    {
        var (best, rank) = (0, 0);
        for (var other = 0; other < logits.Length; other++)
        {
            if (!float.IsFinite(logits[other]))
            {
                throw new NotFiniteException($"The network's output for image {_predictions.Count}, class {other} is {logits[other]}: it must be finite.");
            }

            best = logits[other] > logits[best] ? other : best;
            rank += logits[other] > logits[label] || (logits[other] == logits[label] && other < label) ? 1 : 0;
        }

        var logLikelihood = Softmax(logits, best, label);
        _confusion[label, best]++;
        _top5 += rank < TopMany ? 1 : 0;
        _calibration.Add(_probabilities, best, label, logLikelihood);
        _predictions.Add(new Prediction(label, best, _probabilities[best]));
    }

    /// <summary>Fills the probabilities; returns the logarithm of that of the label, exact also where the probability itself is too small for a double.</summary>
    private double Softmax(ReadOnlySpan<float> logits, int best, int label)
    {
        var sum = 0.0;
        for (var k = 0; k < logits.Length; k++)
        {
            _probabilities[k] = Math.Exp((double)logits[k] - logits[best]);
            sum += _probabilities[k];
        }

        for (var k = 0; k < logits.Length; k++)
        {
            _probabilities[k] /= sum;
        }

        return (double)logits[label] - logits[best] - Math.Log(sum);
    }
}
