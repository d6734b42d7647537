namespace DcpNas.Runtime;

/// <summary>Turns the numbers of a one-stage detector into boxes: softmax, decoding, threshold, suppression.</summary>
/// <remarks>
/// <para><b>Decoding</b>, in double precision, of (tx, ty, tw, th) at an anchor (x, y, w, h): centre <c>x + tx vc w</c>, <c>y + ty vc h</c>; size <c>w exp(tw vs)</c>,
/// <c>h exp(th vs)</c> with the exponents at most 4; clipped to the image. SSD, arXiv:1512.02325, with its variances vc and vs.</para>
/// <para><b>Suppression</b>, class by class: boxes by falling score, equal scores by rising anchor; a box stays unless one that stayed overlaps it by more than the
/// threshold. Then all classes together by falling score, equal scores by class, then anchor.</para>
/// </remarks>
public sealed class DetectionDecoder
{
    /// <summary>Exponents are limited to this: sizes to 55 times that of the anchor.</summary>
    public const double LargestExponent = 4;

    private readonly Anchor[] _anchors;

    /// <summary>Creates a decoder.</summary>
    /// <param name="anchors">All anchors, in the order of the numbers.</param>
    /// <param name="classes">Classes without the background, at least 1.</param>
    /// <param name="settings">How boxes are coded and chosen.</param>
    /// <exception cref="ArgumentException">Settings are out of range.</exception>
    public DetectionDecoder(IEnumerable<Anchor> anchors, int classes, DetectorSettings settings)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (settings.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(problems[0], nameof(settings));
        }

        (_anchors, Classes, Settings) = ([.. anchors], classes, settings);
    }

    /// <summary>Classes without the background.</summary>
    public int Classes { get; }

    /// <summary>How boxes are coded and chosen.</summary>
    public DetectorSettings Settings { get; }

    /// <summary>The anchors, in the order of the numbers.</summary>
    public IReadOnlyList<Anchor> Anchors => _anchors;

    /// <summary>The box that four numbers stand for, clipped to the image.</summary>
    /// <param name="anchor">What they are relative to.</param>
    /// <param name="code">tx, ty, tw, th.</param>
    /// <param name="settings">The variances.</param>
    public static (double Left, double Top, double Right, double Bottom) Decode(Anchor anchor, ReadOnlySpan<float> code, DetectorSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var x = anchor.X + (code[0] * settings.CentreVariance * anchor.Width);
        var y = anchor.Y + (code[1] * settings.CentreVariance * anchor.Height);
        var halfWidth = anchor.Width * Math.Exp(Math.Min(code[2] * settings.SizeVariance, LargestExponent)) / 2;
        var halfHeight = anchor.Height * Math.Exp(Math.Min(code[3] * settings.SizeVariance, LargestExponent)) / 2;
        return (Math.Clamp(x - halfWidth, 0, 1), Math.Clamp(y - halfHeight, 0, 1), Math.Clamp(x + halfWidth, 0, 1), Math.Clamp(y + halfHeight, 0, 1));
    }

    /// <summary>The boxes of an image, by falling score.</summary>
    /// <param name="scores"><c>[anchor][class]</c>, the background first, before softmax.</param>
    /// <param name="codes"><c>[anchor][4]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the anchors.</exception>
    public IReadOnlyList<BoxCandidate> Decode(ReadOnlySpan<float> scores, ReadOnlySpan<float> codes)
    {
        var width = Classes + 1;
        if (scores.Length != (long)_anchors.Length * width || codes.Length != 4L * _anchors.Length)
        {
            throw new ArgumentException($"Scores and codes must have {width} and 4 numbers for each of {_anchors.Length} anchors, got {scores.Length} and {codes.Length}.", nameof(scores));
        }

        var byClass = new List<BoxCandidate>?[Classes];
        Span<double> shares = stackalloc double[width <= 256 ? width : 0];
        shares = width <= 256 ? shares : new double[width];
        for (var anchor = 0; anchor < _anchors.Length; anchor++)
        {
            Softmax(scores.Slice(anchor * width, width), shares);
            (double Left, double Top, double Right, double Bottom)? box = null;
            for (var index = 0; index < Classes; index++)
            {
                if (!(shares[index + 1] > Settings.ScoreThreshold))
                {
                    continue;
                }

                var (left, top, right, bottom) = box ??= Decode(_anchors[anchor], codes.Slice(4 * anchor, 4), Settings);
                if (right > left && bottom > top)
                {
                    (byClass[index] ??= []).Add(new BoxCandidate(index, shares[index + 1], anchor, left, top, right, bottom));
                }
            }
        }

        List<BoxCandidate> all = [.. byClass.OfType<List<BoxCandidate>>().SelectMany(candidates => Suppress(candidates, Settings.OverlapThreshold, Settings.MostCandidates))];
        all.Sort(Order);
        return all.Count <= Settings.MostDetections ? all : all.GetRange(0, Settings.MostDetections);
    }

    /// <summary>The boxes of one class that stay, by falling score.</summary>
    /// <param name="candidates">Boxes in any order.</param>
    /// <param name="overlap">The largest intersection over union of two boxes that both stay.</param>
    /// <param name="most">So many of the highest scores are looked at.</param>
    public static IReadOnlyList<BoxCandidate> Suppress(IEnumerable<BoxCandidate> candidates, double overlap, int most)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        List<BoxCandidate> sorted = [.. candidates];
        sorted.Sort(Order);
        var kept = new List<BoxCandidate>();
        foreach (var candidate in sorted.Take(most))
        {
            if (kept.TrueForAll(better => better.OverlapWith(candidate) <= overlap))
            {
                kept.Add(candidate);
            }
        }

        return kept;
    }

    private static int Order(BoxCandidate a, BoxCandidate b)
    {
        var byScore = b.Score.CompareTo(a.Score);
        var byClass = byScore != 0 ? byScore : a.Class.CompareTo(b.Class);
        return byClass != 0 ? byClass : a.Anchor.CompareTo(b.Anchor);
    }

    private static void Softmax(ReadOnlySpan<float> scores, Span<double> shares)
    {
        double largest = scores[0];
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            shares[i] = scores[i] == largest ? 1 : Math.Exp(scores[i] - largest);
            sum += shares[i];
        }

        for (var i = 0; i < scores.Length; i++)
        {
            shares[i] /= sum;
        }
    }
}
