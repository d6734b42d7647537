namespace DcpNas.Runtime;

/// <summary>
/// Turns the 16-bit numbers of a one-stage detector into boxes by whole numbers alone: what <see cref="DetectionDecoder"/> does in double precision (docs/model-format.md, section 9).
/// </summary>
/// <remarks>
/// Edges are 32768ths of the image, scores 65536ths. Against double precision on the same numbers a score is within 0.0002 of itself and 1 / 65536, an edge within 0.0001 of the box's side and 2 / 32768.
/// Boxes whose score or overlap is that near to another one, or to a threshold, may be ordered or chosen otherwise.
/// </remarks>
public sealed class IntegerDetector
{
    /// <summary>Edges are multiples of <c>1 / Whole</c> of the image.</summary>
    public const int Whole = 1 << 15;

    /// <summary>Scores are multiples of <c>1 / Certain</c>.</summary>
    public const int Certain = 1 << 16;

    private const int ExponentBits = 12;
    private const int LargestExponent = (int)(DetectionDecoder.LargestExponent * Log2E * (1 << ExponentBits)); // 23637
    private const double Log2E = 1.4426950408889634;

    internal IntegerDetector(int classes, DetectorSettings settings, IReadOnlyList<IntegerDetectorLevel> levels)
    {
        (Classes, Levels) = (classes, levels);
        (MostCandidates, MostDetections) = (settings.MostCandidates, settings.MostDetections);
        (ScoreThreshold, OverlapThreshold) = ((int)(settings.ScoreThreshold * Certain), (int)(settings.OverlapThreshold * Whole));
        while (ScoreShift > 0 && ((long)(classes + 1) << ScoreShift) > Certain)
        {
            ScoreShift--;
        }
    }

    /// <summary>Classes without the background.</summary>
    public int Classes { get; }

    /// <summary>The resolutions, finest first.</summary>
    public IReadOnlyList<IntegerDetectorLevel> Levels { get; }

    /// <summary>A box has a higher score than this.</summary>
    public int ScoreThreshold { get; }

    /// <summary>Two boxes of a class that both stay overlap by at most so many 32768ths of their union.</summary>
    public int OverlapThreshold { get; }

    /// <summary>Boxes of a class that are compared with each other: those of the highest scores.</summary>
    public int MostCandidates { get; }

    /// <summary>Boxes of an image that are kept.</summary>
    public int MostDetections { get; }

    /// <summary>Bits by which terms of the softmax are finer than 2^-15, so that their sum has 32 bits.</summary>
    public int ScoreShift { get; } = 8;

    /// <summary>Anchors of all levels.</summary>
    public long AnchorCount => Levels.Sum(level => (long)level.Height * level.Width * level.Anchors.Count);

    /// <summary><c>2^15 * 2^(-i / 64)</c> of 0 to 64.</summary>
    internal static int[] Powers { get; } = [.. Enumerable.Range(0, 65).Select(i => (int)Math.Round(Math.ScaleB(Math.Pow(2, -i / 64.0), 15)))];

    /// <summary>The whole numbers of a detector.</summary>
    /// <param name="model">A detector with an integer mode.</param>
    /// <exception cref="ArgumentException">It is no detector, or has no integer mode.</exception>
    public static IntegerDetector Of(PackedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var detector = model.Info.Detector ?? throw new ArgumentException("The model must be a detector.", nameof(model));
        var exponents = (model.Info.Integers ?? throw new ArgumentException("The model must have an integer mode.", nameof(model))).Exponents(model.Graph);
        var values = model.Graph.Outputs.ToDictionary(output => output.Name, output => output.Value, StringComparer.Ordinal);
        return new IntegerDetector(model.Info.Classes.Count, detector.Settings, [.. detector.Levels.Select(level =>
        {
            var shape = model.Graph.ShapeOf(values[level.Scores]);
            return Level(level, shape.Height, shape.Width, exponents[values[level.Scores]], exponents[values[level.Boxes]], detector.Settings);
        })]);
    }

    /// <summary>The whole numbers of one level.</summary>
    internal static IntegerDetectorLevel Level(DetectorLevel level, int height, int width, int scoreExponent, int boxExponent, DetectorSettings settings) => new(
        level.Scores, level.Boxes, height, width,
        IntegerFactor.Of(Math.ScaleB(Log2E, ExponentBits - scoreExponent)),
        IntegerFactor.Of(Math.ScaleB(settings.SizeVariance * Log2E, ExponentBits - boxExponent)),
        [.. level.Anchors.Select(size => new IntegerAnchor(
            IntegerFactor.Of(Math.ScaleB(settings.CentreVariance * size.Width, 15 - boxExponent)), IntegerFactor.Of(Math.ScaleB(settings.CentreVariance * size.Height, 15 - boxExponent)),
            (int)Math.Round(size.Width * (Whole / 2)), (int)Math.Round(size.Height * (Whole / 2))))]);

    /// <summary>The boxes of an image, by falling score.</summary>
    /// <param name="scores"><c>[anchor][class]</c> of all levels, the background first, as the integer mode gives them.</param>
    /// <param name="codes"><c>[anchor][4]</c>, likewise.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the anchors.</exception>
    public IReadOnlyList<IntegerBox> Decode(ReadOnlySpan<short> scores, ReadOnlySpan<short> codes)
    {
        var width = Classes + 1;
        if (scores.Length != AnchorCount * width || codes.Length != 4 * AnchorCount)
        {
            throw new ArgumentException($"Scores and codes must have {width} and 4 numbers for each of {AnchorCount} anchors, got {scores.Length} and {codes.Length}.", nameof(scores));
        }

        var byClass = Enumerable.Range(0, Classes).Select(_ => new List<IntegerBox>()).ToArray();
        var shares = new int[width];
        var index = 0;
        foreach (var level in Levels)
        {
            for (var pixel = 0; pixel < level.Height * level.Width; pixel++)
            {
                foreach (var anchor in level.Anchors)
                {
                    Probabilities(level, scores.Slice(index * width, width), shares);
                    var box = shares.AsSpan(1).ContainsAnyExcept(0) ? BoxOf(level, anchor, pixel / level.Width, pixel % level.Width, codes.Slice(4 * index, 4)) : default;
                    for (var of = 0; of < Classes && !box.IsEmpty; of++)
                    {
                        if (shares[of + 1] > 0)
                        {
                            byClass[of].Add(box with { Class = of, Score = shares[of + 1], Anchor = index });
                        }
                    }

                    index++;
                }
            }
        }

        // Stable sorts: of equal scores, those of the lower anchor, then class, stand first.
        return [.. byClass.SelectMany(Suppress).OrderByDescending(box => box.Score).Take(MostDetections)];
    }

    /// <summary><c>2^15 * 2^(-fraction / 4096)</c>, of 0 to 4095: between two entries of the table a straight line.</summary>
    private static int Power(int fraction)
    {
        var (high, low) = (Powers[fraction >> 6], Powers[(fraction >> 6) + 1]);
        return high - ((((high - low) * (fraction & 63)) + 32) >> 6);
    }

    /// <summary>The softmax of an anchor in 65536ths; 0 where it is not above the threshold.</summary>
    private void Probabilities(IntegerDetectorLevel level, ReadOnlySpan<short> scores, Span<int> shares)
    {
        var largest = scores[0];
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        var sum = 0L;
        for (var i = 0; i < scores.Length; i++)
        {
            var exponent = level.Score.Times(largest - scores[i]);
            var octaves = exponent >> ExponentBits;
            shares[i] = octaves > 15 + ScoreShift ? 0 : ((Power(exponent & ((1 << ExponentBits) - 1)) << ScoreShift) + ((1 << octaves) >> 1)) >> octaves;
            sum += shares[i];
        }

        foreach (ref var share in shares)
        {
            share = (int)Math.Min((long)share * Certain / sum, Certain - 1);
            share = share > ScoreThreshold ? share : 0;
        }
    }

    private static IntegerBox BoxOf(IntegerDetectorLevel level, IntegerAnchor anchor, int y, int x, ReadOnlySpan<short> code)
    {
        var centreX = CentreOf(x, level.Width) + anchor.OffsetX.Times(code[0]);
        var centreY = CentreOf(y, level.Height) + anchor.OffsetY.Times(code[1]);
        var (halfWidth, halfHeight) = (HalfOf(anchor.HalfWidth, level.Size, code[2]), HalfOf(anchor.HalfHeight, level.Size, code[3]));
        return new IntegerBox(0, 0, 0, Limit(centreX - halfWidth), Limit(centreY - halfHeight), Limit(centreX + halfWidth), Limit(centreY + halfHeight));
    }

    private static int CentreOf(int place, int count) => (int)((((2L * place) + 1) * Whole + count) / (2L * count));

    private static int Limit(int edge) => Math.Clamp(edge, 0, Whole);

    /// <summary>Half of a side: that of the anchor times a power of 2.</summary>
    private static int HalfOf(int half, IntegerFactor factor, short code)
    {
        var exponent = -Math.Min(factor.Times(code), LargestExponent);
        var shift = 15 + (exponent >> ExponentBits);
        return shift > IntegerInfo.MostShift ? 0 : ((half * Power(exponent & ((1 << ExponentBits) - 1))) + (1 << (shift - 1))) >> shift;
    }

    private List<IntegerBox> Suppress(List<IntegerBox> boxes)
    {
        var kept = new List<IntegerBox>();
        foreach (var box in boxes.OrderByDescending(box => box.Score).Take(MostCandidates))
        {
            if (kept.TrueForAll(better => !better.Overlaps(box, OverlapThreshold)))
            {
                kept.Add(box);
            }
        }

        return kept;
    }
}

/// <summary>The size of a prior box in whole numbers, in 32768ths of the image.</summary>
/// <param name="OffsetX">What tx is multiplied by.</param>
/// <param name="OffsetY">What ty is multiplied by.</param>
/// <param name="HalfWidth">Half of the width.</param>
/// <param name="HalfHeight">Half of the height.</param>
public readonly record struct IntegerAnchor(IntegerFactor OffsetX, IntegerFactor OffsetY, int HalfWidth, int HalfHeight);

/// <summary>A <see cref="DetectorLevel"/> in whole numbers.</summary>
/// <param name="Scores">The output of the scores.</param>
/// <param name="Boxes">The output of the boxes.</param>
/// <param name="Height">Rows of both.</param>
/// <param name="Width">Columns of both.</param>
/// <param name="Score">What a difference of scores is multiplied by: 4096ths of a power of 2.</param>
/// <param name="Size">What tw and th are multiplied by: 4096ths of a power of 2.</param>
/// <param name="Anchors">The sizes at every pixel.</param>
public sealed record IntegerDetectorLevel(string Scores, string Boxes, int Height, int Width, IntegerFactor Score, IntegerFactor Size, IReadOnlyList<IntegerAnchor> Anchors);
