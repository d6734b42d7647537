using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>Counts how near the results of another mode are to the exact ones.</summary>
/// <param name="exact">A runner of the exact mode.</param>
/// <param name="other">One of the other mode.</param>
internal sealed class ModeComparison(PackedRunner exact, PackedRunner other)
{
    private long _images;
    private long _same;
    private long _labelled;
    private long _exactRight;
    private long _otherRight;
    private double _difference;
    private double _size;

    private bool IsClassifier => exact.Model.Graph.Outputs.Any(output => output.Name == GraphOutput.Logits);

    /// <summary>Counts the images that both have just run.</summary>
    /// <param name="labels">The class of each image, or nothing.</param>
    public void Count(ReadOnlySpan<int> labels)
    {
        foreach (var (name, _) in exact.Model.Graph.Outputs)
        {
            var expected = exact.Output(name);
            var actual = other.Output(name);
            for (var i = 0; i < expected.Length; i++)
            {
                var difference = (double)actual[i] - expected[i];
                (_difference, _size) = (_difference + (difference * difference), _size + ((double)expected[i] * expected[i]));
            }
        }

        if (IsClassifier)
        {
            Span<Prediction> expected = new Prediction[1], actual = new Prediction[1];
            for (var image = 0; image < exact.ImageCount; image++)
            {
                exact.TopClasses(image, expected);
                other.TopClasses(image, actual);
                _same += expected[0].Class == actual[0].Class ? 1 : 0;
                _exactRight += !labels.IsEmpty && expected[0].Class == labels[image] ? 1 : 0;
                _otherRight += !labels.IsEmpty && actual[0].Class == labels[image] ? 1 : 0;
            }
        }

        _images += exact.ImageCount;
        _labelled += IsClassifier ? labels.Length : 0;
    }

    /// <summary>What was counted; at least one image was.</summary>
    public FixedPointAgreement Result() => new(
        _images, _size > 0 ? Math.Sqrt(_difference / _size) : 0, IsClassifier ? (double)_same / _images : null, Share(_exactRight), Share(_otherRight));

    /// <summary>Null unless every image had a label.</summary>
    private double? Share(long right) => _labelled == _images ? (double)right / _labelled : null;
}
