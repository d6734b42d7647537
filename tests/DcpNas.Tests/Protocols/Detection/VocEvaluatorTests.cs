using DcpNas.Protocols.Detection;

namespace DcpNas.Tests.Protocols.Detection;

public sealed class VocEvaluatorTests
{
    private static readonly BoundingBox Unit = new(0, 0, 10, 10);

    [Fact]
    public void Evaluate_OfOneCategory_GivesTheCurve()
    {
        var metrics = VocEvaluator.Evaluate(
            [new GroundTruthBox(1, 7, Unit), new GroundTruthBox(1, 7, new BoundingBox(40, 0, 50, 10))],
            [new DetectionBox(1, 7, new BoundingBox(40, 0, 50, 10), 0.7), new DetectionBox(1, 7, Unit, 0.9), new DetectionBox(1, 7, Unit, 0.8)]);

        var category = Assert.Single(metrics.Categories);
        Assert.Equal((7, 2, 3), (category.Category, category.Objects, category.Detections));
        Assert.Equal([1, 0.5, 2.0 / 3], category.Precision);
        Assert.Equal([0.5, 0.5, 1], category.Recall);
        Assert.Equal(5.0 / 6, category.AveragePrecision!.Value, 1e-15);
        Assert.Equal(["mAP", "AP/7"], metrics.Values().Select(value => value.Key));
    }

    [Theory]
    [InlineData(3, VocInterpolation.ElevenPoint, 3)] // 3 * 0.1, 6 * 0.1 and 7 * 0.1 lie just above 0.3, 0.6 and 0.7
    [InlineData(3, VocInterpolation.ElevenPointExact, 4)]
    [InlineData(5, VocInterpolation.ElevenPoint, 6)]
    [InlineData(6, VocInterpolation.ElevenPoint, 6)]
    [InlineData(6, VocInterpolation.ElevenPointExact, 7)]
    [InlineData(7, VocInterpolation.ElevenPoint, 7)]
    [InlineData(7, VocInterpolation.ElevenPointExact, 8)]
    [InlineData(10, VocInterpolation.ElevenPoint, 11)]
    public void Evaluate_ElevenPointsAtARecallOfTenths_CountsThePointsThatItReaches(int found, VocInterpolation interpolation, int points)
    {
        GroundTruthBox[] objects = [.. Enumerable.Range(0, 10).Select(i => new GroundTruthBox(i, 1, Unit))];
        DetectionBox[] detections = [.. Enumerable.Range(0, found).Select(i => new DetectionBox(i, 1, Unit, 0.5))];

        Assert.Equal(points / 11.0, VocEvaluator.Evaluate(objects, detections, new VocOptions { Interpolation = interpolation }).MeanAveragePrecision, 1e-15);
    }

    [Fact]
    public void Mistakes_OfDetections_AreThoseThatTheProtocolCountsAsFalseAndWhatIsMissed()
    {
        var (far, large) = (new BoundingBox(40, 0, 50, 10), new BoundingBox(100, 100, 160, 160));
        GroundTruthBox[] objects = [new(1, 7, Unit), new(1, 8, far), new(2, 7, Unit), new(2, 8, large), new(3, 7, Unit) { Difficult = true }];
        var mistakes = VocMistakes.Of(objects,
        [
            new DetectionBox(1, 7, Unit, 0.9), // found
            new DetectionBox(1, 7, new BoundingBox(1, 0, 11, 10), 0.5), // again
            new DetectionBox(1, 7, far, 0.8), // lies on an 8
            new DetectionBox(2, 7, new BoundingBox(7, 0, 17, 10), 0.7), // overlap 3 / 17
            new DetectionBox(3, 7, Unit, 0.95), // difficult: neither
            new DetectionBox(3, 9, Unit, 0.6), // a class of which there is none; it lies on a 7
        ]);

        Assert.Equal([(0.8, VocVerdict.Wrong), (0.7, VocVerdict.Wrong), (0.6, VocVerdict.Wrong), (0.5, VocVerdict.Repeated)], mistakes.False.Select(one => (one.Detection.Score, one.Verdict)));
        Assert.Equal([objects[1], null, objects[4], null], mistakes.False.Select(one => one.Confused));
        Assert.Equal(3.0 / 17, mistakes.False[1].Overlap, 1e-12);
        Assert.Equal([objects[3], objects[1], objects[2]], mistakes.Missed); // the largest first
    }

    [Fact]
    public void Evaluate_BadOptions_NamesEach() => Assert.Equal(
        """
        VOC options cannot be used:
          - interpolation must be eleven_point, eleven_point_exact or area, got 5.
          - iou_threshold must be above 0 and at most 1, got 0.
        """,
        Assert.Throws<OptionsException>(() => VocEvaluator.Evaluate([], [], new VocOptions { Interpolation = (VocInterpolation)5, IouThreshold = 0 })).Message);

    [Fact]
    public void Evaluate_BadBoxes_SaysWhichAndWhy()
    {
        Assert.Equal(
            "detections[0]: the score must be finite, got NaN. The detector that gave it is broken.",
            Assert.Throws<InputException>(() => VocEvaluator.Evaluate([], [new DetectionBox(1, 1, Unit, double.NaN)])).Message);
        Assert.Equal(
            "objects[1]: the box must not end before it begins, got (5, 0, 1, 1). Correct or remove it.",
            Assert.Throws<InputException>(() => VocEvaluator.Evaluate([new GroundTruthBox(1, 1, Unit), new GroundTruthBox(1, 1, new BoundingBox(5, 0, 1, 1))], [])).Message);
        Assert.Equal(
            "detections[0]: the box must have finite corners, got (0, 0, Infinity, 1). Correct or remove it.",
            Assert.Throws<InputException>(() => VocEvaluator.Evaluate([], [new DetectionBox(1, 1, new BoundingBox(0, 0, double.PositiveInfinity, 1), 1)])).Message);
    }
}
