using CsCheck;
using DcpNas.Tasks.Classification;

namespace DcpNas.Tests.Tasks.Classification;

public sealed class ClassificationTallyTests
{
    private static readonly float Ln2 = (float)Math.Log(2);
    private static readonly float Ln3 = (float)Math.Log(3);

    [Fact]
    public void Measure_OnFourImagesOfThreeClasses_GivesTheHandWorkedNumbers()
    {
        // Probabilities: (3, 1, 1)/5, (1, 2, 1)/4, (1, 1, 2)/4, (1, 2, 1)/4; labels 0, 0, 2, 1: the second is wrong.
        var metrics = Measure(3, [Ln3, 0, 0, 0, Ln2, 0, 0, 0, Ln2, 0, Ln2, 0], [0, 0, 2, 1]);

        Assert.Equal((4, 3), (metrics.Images, metrics.Classes));
        Assert.Equal(0.75, metrics.Top1);
        Assert.Equal(1.0, metrics.Top5);
        Assert.Equal((-Math.Log(0.6) - Math.Log(0.25) - Math.Log(0.5) - Math.Log(0.5)) / 4, metrics.Loss, 1e-7);
        // (0.16 + 2 * 0.04) + (0.5625 + 0.25 + 0.0625) + 2 * (0.25 + 2 * 0.0625) = 0.24 + 0.875 + 0.75
        Assert.Equal((0.24 + 0.875 + 0.75) / 4, metrics.Calibration.Brier, 1e-7);
        Assert.Equal([[1, 1, 0], [0, 1, 0], [0, 0, 1]], Confusion(metrics));

        // Confidence 0.6 = 9/15 lies in bin 8 or 9 by rounding of ln 3 to a float; 0.5 lies in (7/15, 8/15] = bin 7, three images, two of them right.
        var half = metrics.Calibration.Bins[7];
        Assert.Equal((3, 2), (half.Count, half.Right));
        Assert.Equal(0.5, half.Confidence!.Value, 1e-7);
        // 3/4 |2/3 - 1/2| + 1/4 |1 - 3/5| = 0.125 + 0.1
        Assert.Equal(0.225, metrics.Calibration.ExpectedError, 1e-7);
        Assert.Equal(0.4, metrics.Calibration.MaximumError, 1e-7);
    }

    [Fact]
    public void PerClass_OnFourImagesOfThreeClasses_GivesTheHandWorkedTable()
    {
        var metrics = Measure(3, [Ln3, 0, 0, 0, Ln2, 0, 0, 0, Ln2, 0, Ln2, 0], [0, 0, 2, 1]);

        Assert.Equal([2, 1, 1], metrics.PerClass.Select(one => one.Count));
        Assert.Equal([1, 2, 1], metrics.PerClass.Select(one => one.Predicted));
        Assert.Equal([1.0, 0.5, 1.0], metrics.PerClass.Select(one => one.Precision!.Value));
        Assert.Equal([0.5, 1.0, 1.0], metrics.PerClass.Select(one => one.Recall!.Value));
        Assert.Equal([2.0 / 3, 2.0 / 3, 1.0], metrics.PerClass.Select(one => one.F1!.Value));
        Assert.Equal(7.0 / 9, metrics.MacroF1, 1e-15);
    }

    [Fact]
    public void Measure_OfEqualLogits_PredictsTheSmallestIndexAndRanksByIt()
    {
        // All seven logits are equal: label k has rank k, so top-1 holds label 0 alone and top-5 labels 0 to 4.
        var metrics = Measure(7, new float[49], [0, 1, 2, 3, 4, 5, 6]);

        Assert.Equal(1.0 / 7, metrics.Top1);
        Assert.Equal(5.0 / 7, metrics.Top5);
        Assert.Equal(7, metrics.PerClass[0].Predicted);
    }

    [Fact]
    public void Top5_OfATieAtTheFifthPlace_GoesToTheSmallerIndex()
    {
        // Classes 0 to 3 lead; 4, 5 and 6 are equal and fight for one place.
        float[] row = [9, 8, 7, 6, 1, 1, 1];
        Assert.Equal(1.0, Measure(7, row, [4]).Top5);
        Assert.Equal(0.0, Measure(7, row, [5]).Top5);
    }

    [Fact]
    public void PerClass_OfAnAbsentAndNeverPredictedClass_HasNoMeasures()
    {
        var metrics = Measure(3, [1, 0, -1, 1, 0, -1], [0, 1]);

        var (first, second, third) = (metrics.PerClass[0], metrics.PerClass[1], metrics.PerClass[2]);
        Assert.Equal((0.5, 1.0), (first.Precision!.Value, first.Recall!.Value));
        Assert.Equal((null, 0.0, 0.0), (second.Precision, second.Recall!.Value, second.F1!.Value));
        Assert.Equal((null, null, null), (third.Precision, third.Recall, third.F1));
        Assert.Equal(1.0 / 3, metrics.MacroF1, 1e-15); // 2/3 and 0: the third class takes no part
    }

    [Fact]
    public void Loss_OfAVerySureMistake_IsExactWhereTheProbabilityUnderflows()
    {
        var metrics = Measure(2, [2000, 0], [1]);

        Assert.Equal(2000, metrics.Loss, 1e-9); // log(e^-2000) although e^-2000 is 0 in double precision
        Assert.Equal(2.0, metrics.Calibration.Brier);
        Assert.Equal(1, metrics.Calibration.Bins[^1].Count);
    }

    [Theory]
    [InlineData(1e-9, 0)]
    [InlineData(1.0 / 15, 0)]
    [InlineData(0.0667, 1)]
    [InlineData(0.5, 7)]
    [InlineData(1.0, 14)]
    public void BinOf_AConfidence_BelongsToTheRangeThatEndsAtIt(double confidence, int bin) => Assert.Equal(bin, CalibrationMetrics.BinOf(confidence));

    [Fact]
    public void Add_InPieces_GivesTheSameAsAtOnce()
    {
        var random = new Random(5);
        var logits = Enumerable.Range(0, 60).Select(_ => (float)random.NextDouble()).ToArray();
        var labels = Enumerable.Range(0, 20).Select(_ => (long)random.Next(3)).ToArray();
        var pieces = new ClassificationTally(3);
        pieces.Add(logits.AsSpan(0, 21), labels.AsSpan(0, 7));
        pieces.Add(logits.AsSpan(21), labels.AsSpan(7));
        string[] names = ["a", "b", "c"];

        Assert.Equal(Measure(3, logits, labels).ToJson(names).ToJsonString(), pieces.Measure().ToJson(names).ToJsonString());
        Assert.Equal(labels, pieces.Predictions.Select(prediction => (long)prediction.Label));
    }

    [Fact]
    public void Add_WithBadInput_SaysWhatIsWrong()
    {
        var tally = new ClassificationTally(3);
        Assert.Equal("logits must hold 3 values for each of 2 labels, got 5. (Parameter 'logits')", Assert.Throws<ArgumentException>(() => tally.Add(new float[5], [0, 1])).Message);
        Assert.Equal("labels must be from 0 to 2, got 3. (Parameter 'labels')", Assert.Throws<ArgumentException>(() => tally.Add(new float[3], [3])).Message);
        Assert.Equal(
            "The network's output for image 0, class 1 is NaN: it must be finite. Use another checkpoint, or train with a lower learning rate.",
            Assert.Throws<NotFiniteException>(() => tally.Add([0, float.NaN, 0], [0])).Message);
        Assert.Equal("At least one image must be counted before it can be measured.", Assert.Throws<InvalidOperationException>(() => tally.Measure()).Message);
    }

    [Fact]
    public void Measure_OfRandomCases_EqualsANaiveSecondImplementation()
    {
        // Few distinct logits, so that ties are frequent.
        var cases =
            from classes in Gen.Int[2, 9]
            from images in Gen.Int[1, 30]
            from logits in Gen.Int[-3, 3].Select(value => value * 0.75f).Array[classes * images]
            from labels in Gen.Long[0, classes - 1].Array[images]
            select (classes, logits, labels);

        cases.Sample(drawn => AssertEqualsNaive(drawn.classes, drawn.logits, drawn.labels), iter: 500);
    }

    /// <summary>Everything again in the plainest way: sorts, lists and definitions.</summary>
    private static void AssertEqualsNaive(int classes, float[] logits, long[] labels)
    {
        var metrics = Measure(classes, logits, labels);
        var rows = labels.Select((label, i) =>
        {
            var row = logits[(i * classes)..((i + 1) * classes)];
            var order = Enumerable.Range(0, classes).OrderByDescending(k => row[k]).ToArray(); // a stable sort
            var weights = row.Select(value => Math.Exp(value)).ToArray();
            var p = weights.Select(weight => weight / weights.Sum()).ToArray();
            return (Label: (int)label, Order: order, P: p, Confidence: p.Max());
        }).ToList();

        double Share(Func<(int Label, int[] Order, double[] P, double Confidence), bool> holds) => (double)rows.Count(holds) / rows.Count;
        Assert.Equal(Share(row => row.Order[0] == row.Label), metrics.Top1, 1e-15);
        Assert.Equal(Share(row => row.Order.Take(5).Contains(row.Label)), metrics.Top5, 1e-15);
        Assert.Equal(rows.Average(row => -Math.Log(row.P[row.Label])), metrics.Loss, 1e-12);
        Assert.Equal(rows.Average(row => row.P.Select((p, k) => Math.Pow(p - (k == row.Label ? 1 : 0), 2)).Sum()), metrics.Calibration.Brier, 1e-12);
        for (var k = 0; k < classes; k++)
        {
            for (var j = 0; j < classes; j++)
            {
                Assert.Equal(rows.Count(row => row.Label == k && row.Order[0] == j), metrics.Confusion(k, j));
            }

            var (found, taken, hit) = (rows.Count(row => row.Label == k), rows.Count(row => row.Order[0] == k), rows.Count(row => row.Label == k && row.Order[0] == k));
            double? precision = taken == 0 ? null : (double)hit / taken, recall = found == 0 ? null : (double)hit / found;
            Assert.Equal(precision, metrics.PerClass[k].Precision);
            Assert.Equal(recall, metrics.PerClass[k].Recall);
            if (precision > 0 && recall > 0)
            {
                Assert.Equal(2 / ((1 / precision.Value) + (1 / recall.Value)), metrics.PerClass[k].F1!.Value, 1e-12);
            }
        }

        // A confidence on the edge of a bin may fall to either side by the last bit: a bin takes what lies within 1e-9 of it.
        var error = 0.0;
        foreach (var bin in metrics.Calibration.Bins)
        {
            var sure = rows.Count(row => row.Confidence > bin.From + 1e-9 && row.Confidence <= bin.To - 1e-9);
            var possible = rows.Count(row => row.Confidence > bin.From - 1e-9 && row.Confidence <= bin.To + 1e-9);
            Assert.InRange(bin.Count, sure, possible);
            if (sure == possible && sure > 0)
            {
                var inside = rows.Where(row => row.Confidence > bin.From && row.Confidence <= bin.To).ToList();
                Assert.Equal(inside.Average(row => row.Confidence), bin.Confidence!.Value, 1e-12);
                Assert.Equal(inside.Count(row => row.Order[0] == row.Label), bin.Right);
            }

            error += bin.Count == 0 ? 0 : (double)bin.Count / rows.Count * Math.Abs(((double)bin.Right / bin.Count) - bin.Confidence!.Value);
        }

        Assert.Equal(rows.Count, metrics.Calibration.Bins.Sum(bin => bin.Count));
        Assert.Equal(error, metrics.Calibration.ExpectedError, 1e-12);
    }

    private static ClassificationMetrics Measure(int classes, float[] logits, long[] labels)
    {
        var tally = new ClassificationTally(classes);
        tally.Add(logits, labels);
        return tally.Measure();
    }

    private static long[][] Confusion(ClassificationMetrics metrics) =>
        [.. Enumerable.Range(0, metrics.Classes).Select(k => Enumerable.Range(0, metrics.Classes).Select(j => metrics.Confusion(k, j)).ToArray())];
}
