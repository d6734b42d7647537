namespace DcpNas.Runtime.Tests;

/// <summary>Boxes in whole numbers against those in double precision. That they are what docs/model-format.md says: IndependentReaderTests; that generated C gives the same: CSourceGeneratorTests.</summary>
public class IntegerDetectorTests(ITestOutputHelper output)
{
    // Beside a unit of the last place or two, as IntegerDetector says.
    private const double ScoreTolerance = 0.0002;
    private const double EdgeTolerance = 0.0001;

    [Fact]
    public void Decode_OfRandomNumbers_IsWithinTheStatedToleranceOfDoublePrecision()
    {
        var (compared, worstScore, worstEdge) = (0, 0.0, 0.0);
        for (var seed = 0; seed < 60; seed++)
        {
            var draw = new Draw(seed);
            var (classes, height, width) = (draw.Between(1, 30), draw.Between(1, 7), draw.Between(1, 7));
            var (scoreExponent, boxExponent) = (draw.Between(9, 12), draw.Between(9, 12));
            // Nothing is suppressed, so that every anchor and class can be looked at.
            var settings = new DetectorSettings { ScoreThreshold = 0.001, OverlapThreshold = 1, MostCandidates = 100_000, MostDetections = 100_000 };
            var level = new DetectorLevel("s", "b", [new AnchorSize(draw.Between(2, 90) / 100.0, draw.Between(2, 90) / 100.0), new AnchorSize(0.3, 0.2)]);
            var anchors = Anchor.OfMap(height, width, level.Anchors).ToArray();
            var (scores, codes) = (Numbers(draw, anchors.Length * (classes + 1), 5, scoreExponent), Numbers(draw, anchors.Length * 4, 6, boxExponent));

            var real = new DetectionDecoder(anchors, classes, settings).Decode(Reals(scores, scoreExponent), Reals(codes, boxExponent));
            var found = new IntegerDetector(classes, settings, [IntegerDetector.Level(level, height, width, scoreExponent, boxExponent, settings)]).Decode(scores, codes)
                .ToDictionary(box => (box.Class, box.Anchor));
            Assert.InRange(found.Count, 1, real.Count);
            foreach (var box in real)
            {
                if (!found.TryGetValue((box.Class, box.Anchor), out var ours))
                {
                    Assert.True(box.Score < 0.00102 || box.Right - box.Left < 0.0002 || box.Bottom - box.Top < 0.0002, $"{box} is missing");
                    continue;
                }

                var scoreError = Math.Abs((ours.Score / 65536.0) - box.Score) - (1 / 65536.0);
                worstScore = Math.Max(worstScore, scoreError / box.Score);
                var (across, down) = (Side(anchors[box.Anchor].Width, codes[(4 * box.Anchor) + 2]), Side(anchors[box.Anchor].Height, codes[(4 * box.Anchor) + 3]));
                foreach (var (edge, theirs, side) in ((int, double, double)[])[(ours.Left, box.Left, across), (ours.Right, box.Right, across), (ours.Top, box.Top, down), (ours.Bottom, box.Bottom, down)])
                {
                    worstEdge = Math.Max(worstEdge, (Math.Abs((edge / 32768.0) - theirs) - (2 / 32768.0)) / side);
                }

                compared++;
            }

            // Of the box before it is cut to the image.
            double Side(double anchor, short code) => anchor * Math.Exp(Math.Min(settings.SizeVariance * Math.ScaleB(code, -boxExponent), 4));
        }

        output.WriteLine($"{compared} boxes: scores {worstScore:e1} of themselves and 1 / 65536 off at most, edges {worstEdge:e1} of the side and 2 / 32768");
        Assert.True(compared > 10_000, $"{compared} boxes");
        Assert.InRange(worstScore, double.MinValue, ScoreTolerance);
        Assert.InRange(worstEdge, double.MinValue, EdgeTolerance);
    }

    /// <summary>All that comes after scores and edges: where these are not near a threshold, the same boxes stay in the same order.</summary>
    [Fact]
    public void Decode_OfRandomNumbers_KeepsTheBoxesOfDoublePrecision()
    {
        var (boxes, same) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            const int Exponent = 11;
            var draw = new Draw(seed);
            var settings = new DetectorSettings { ScoreThreshold = 0.2, OverlapThreshold = 0.45, MostCandidates = 30, MostDetections = 50 };
            var level = new DetectorLevel("s", "b", [new AnchorSize(0.3, 0.4), new AnchorSize(0.5, 0.2)]);
            var anchors = Anchor.OfMap(5, 6, level.Anchors).ToArray();
            var (scores, codes) = (Numbers(draw, anchors.Length * 4, 3, Exponent), Numbers(draw, anchors.Length * 4, 3, Exponent));
            var real = new DetectionDecoder(anchors, 3, settings).Decode(Reals(scores, Exponent), Reals(codes, Exponent));
            var ours = new IntegerDetector(3, settings, [IntegerDetector.Level(level, 5, 6, Exponent, Exponent, settings)]).Decode(scores, codes);
            boxes += real.Count;
            same += real.Select(box => (box.Class, box.Anchor)).Zip(ours.Select(box => (box.Class, box.Anchor))).Count(pair => pair.First == pair.Second);
        }

        Assert.True(boxes > 1000, $"{boxes} boxes");
        Assert.InRange(same / (double)boxes, 0.98, 1);
    }

    [Fact]
    public void Decode_OfExtremes_StaysInTheImage()
    {
        var settings = new DetectorSettings { ScoreThreshold = 0, OverlapThreshold = 1 };
        var level = new DetectorLevel("s", "b", [new AnchorSize(2, 2)]);
        foreach (var exponent in (int[])[-15, 0, 11, 30])
        {
            var detector = new IntegerDetector(1, settings, [IntegerDetector.Level(level, 1, 4, exponent, exponent, settings)]);
            var found = detector.Decode(
                [-32768, 32767, 32767, -32768, 32767, 32767, -32768, 32767], [0, 0, 0, 0, 32767, 32767, 32767, 32767, 0, 0, 0, 0, -32768, -32768, -32768, -32768]);
            Assert.All(found, box => Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= 32768, Bottom: <= 32768, Score: > 0 and < 65536 }, $"{box}"));
            Assert.Contains(found, box => box is { Anchor: 0, Left: 0, Top: 0, Right: 32768, Bottom: 32768 } && (exponent == 30 || box.Score == 65535));
            Assert.Contains(found, box => box is { Anchor: 2, Score: 32768 }); // equal scores share the whole
        }
    }

    [Fact]
    public void Decode_OfOtherLengths_SaysWhichWereExpected()
    {
        var detector = new IntegerDetector(2, new DetectorSettings(), [IntegerDetector.Level(new DetectorLevel("s", "b", [new AnchorSize(0.5, 0.5)]), 1, 1, 8, 8, new DetectorSettings())]);
        Assert.StartsWith(
            "Scores and codes must have 3 and 4 numbers for each of 1 anchors, got 2 and 4.", Assert.Throws<ArgumentException>(() => detector.Decode([1, 2], [1, 2, 3, 4])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WhatIsNoDetectorOfTheIntegerMode_SaysWhatIsMissing()
    {
        Assert.StartsWith("The model must be a detector.", Assert.Throws<ArgumentException>(() => IntegerDetector.Of(SampleModels.EveryNode())).Message, StringComparison.Ordinal);
        Assert.StartsWith("The model must have an integer mode.", Assert.Throws<ArgumentException>(() => IntegerDetector.Of(SampleModels.Detector(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detections_InTheIntegerMode_AreItsWholeNumbers()
    {
        var model = SampleModels.Integer(SampleModels.Detector(4), 4);
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer });
        runner.Run(new Draw(1).Pixels(2 * (int)model.Graph.Input.Elements));
        for (var image = 0; image < 2; image++)
        {
            var boxes = runner.IntegerBoxes(image);
            Assert.NotEmpty(boxes);
            Assert.Equal(
                boxes.Select(box => new Detection(
                    box.Class, $"class {box.Class}", box.Score / 65536f, (float)(box.Left / 32768.0 * 100), (float)(box.Top / 32768.0 * 50), (float)(box.Right / 32768.0 * 100), (float)(box.Bottom / 32768.0 * 50))),
                runner.Detections(image, 100, 50));
        }

        Assert.NotEqual(runner.IntegerBoxes(0), runner.IntegerBoxes(1));
        using var exact = new PackedRunner(model);
        exact.Run(new Draw(1).Pixels((int)model.Graph.Input.Elements));
        Assert.Equal("Boxes in whole numbers are those of a detector in the integer mode.", Assert.Throws<InvalidOperationException>(() => exact.IntegerBoxes(0)).Message);
    }

    private static short[] Numbers(Draw draw, int count, int most, int exponent) =>
        [.. Enumerable.Range(0, count).Select(_ => (short)draw.Between(int.Max(short.MinValue, -most << exponent), int.Min(short.MaxValue, most << exponent)))];

    private static float[] Reals(short[] numbers, int exponent) => [.. numbers.Select(number => (float)Math.ScaleB(number, -exponent))];
}
