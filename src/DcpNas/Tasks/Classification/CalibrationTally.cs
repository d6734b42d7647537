namespace DcpNas.Tasks.Classification;

/// <summary>Sums of probabilities over images, for <see cref="CalibrationMetrics"/>.</summary>
internal sealed class CalibrationTally
{
    private readonly long[] _counts = new long[CalibrationMetrics.BinCount];
    private readonly long[] _right = new long[CalibrationMetrics.BinCount];
    private readonly double[] _confidence = new double[CalibrationMetrics.BinCount];
    private double _logLikelihood;
    private double _brier;

    /// <summary>Counts an image.</summary>
    public void Add(ReadOnlySpan<double> probabilities, int predicted, int label, double logLikelihood)
    {
        var bin = CalibrationMetrics.BinOf(probabilities[predicted]);
        _counts[bin]++;
        _right[bin] += predicted == label ? 1 : 0;
        _confidence[bin] += probabilities[predicted];
        _logLikelihood += logLikelihood;
        for (var k = 0; k < probabilities.Length; k++)
        {
            var error = probabilities[k] - (k == label ? 1 : 0);
            _brier += error * error;
        }
    }

    /// <summary>The measures.</summary>
    public CalibrationMetrics Measure()
    {
        var images = _counts.Sum();
        return new CalibrationMetrics(
            [.. _counts.Select((count, bin) => new ReliabilityBin(
                (double)bin / CalibrationMetrics.BinCount, (bin + 1.0) / CalibrationMetrics.BinCount, count, _right[bin], count == 0 ? null : _confidence[bin] / count))],
            -_logLikelihood / images,
            _brier / images);
    }
}
