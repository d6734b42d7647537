using DcpNas.Runtime.Model;
using DcpNas.Runtime.Tests.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>Boxes out of numbers, against a second implementation, and the part of the file that describes them.</summary>
public class DetectionDecoderTests
{
    [Fact]
    public void Decode_OfAnAnchorItself_IsItsBox()
    {
        var (left, top, right, bottom) = DetectionDecoder.Decode(new Anchor(0.5, 0.4, 0.2, 0.4), [0, 0, 0, 0], new DetectorSettings());
        Assert.Equal([0.4, 0.2, 0.6, 0.6], [left, top, right, bottom], (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Decode_OfCodes_FollowsTheFormulaAndStaysInTheImage()
    {
        var settings = new DetectorSettings { CentreVariance = 0.1, SizeVariance = 0.2 };
        var (left, top, right, bottom) = DetectionDecoder.Decode(new Anchor(0.5, 0.5, 0.2, 0.2), [5, -5, (float)(Math.Log(2) / 0.2), 0], settings);
        Assert.Equal([0.4, 0.3, 0.8, 0.5], [left, top, right, bottom], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((0.0, 0.0, 1.0, 1.0), DetectionDecoder.Decode(new Anchor(0.5, 0.5, 0.5, 0.5), [0, 0, 1000, 1000], settings));
    }

    [Fact]
    public void Decode_OfRandomNumbers_EqualsAReferenceImplementation()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var anchors = Anchor.OfMap(3, 4, [new(0.3, 0.2), new(0.5, 0.6)]).ToList();
            var settings = new DetectorSettings { ScoreThreshold = 0.15, OverlapThreshold = 0.3 + (0.4 * random.NextDouble()), MostCandidates = 1 + random.Next(20), MostDetections = 1 + random.Next(30) };
            const int Classes = 3;
            // Few different scores, so that ties are met.
            float[] scores = [.. Enumerable.Range(0, anchors.Count * (Classes + 1)).Select(_ => (float)random.Next(-2, 3))];
            float[] codes = [.. Enumerable.Range(0, anchors.Count * 4).Select(_ => (float)((random.NextDouble() * 6) - 3))];
            var found = new DetectionDecoder(anchors, Classes, settings).Decode(scores, codes);
            Assert.Equal(Literal(anchors, Classes, settings, scores, codes), found.Select(box => (box.Class, box.Anchor, Math.Round(box.Score, 9))));
        }
    }

    [Fact]
    public void Decode_WithNotANumber_LeavesTheAnchorOut()
    {
        var decoder = new DetectionDecoder([new Anchor(0.5, 0.5, 0.2, 0.2), new Anchor(0.2, 0.2, 0.2, 0.2)], 1, new DetectorSettings());
        Assert.Equal([1], decoder.Decode([float.NaN, 1, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0]).Select(box => box.Anchor));
        Assert.Equal([1], decoder.Decode([0, 1, 0, 1], [0, 0, float.NaN, 0, 0, 0, 0, 0]).Select(box => box.Anchor));
    }

    [Fact]
    public void Decode_OfOtherLengths_SaysWhichWereExpected()
    {
        var decoder = new DetectionDecoder([new Anchor(0.5, 0.5, 0.2, 0.2)], 2, new DetectorSettings());
        var error = Assert.Throws<ArgumentException>(() => decoder.Decode([1, 2], [1, 2, 3, 4]));
        Assert.StartsWith("Scores and codes must have 3 and 4 numbers for each of 1 anchors, got 2 and 4.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Detections_OfTwoImages_AreThoseOfEach()
    {
        var model = PackedModel.Load(SampleModels.Bytes(Detector()));
        Assert.Equal([new AnchorSize(0.4, 0.3), new AnchorSize(0.8, 0.9)], model.Info.Detector!.Levels[0].Anchors);
        using var runner = new PackedRunner(model);
        var images = new Draw(3).Reals(2 * 8 * 8 * 3);
        runner.Run(images);
        List<IReadOnlyList<Detection>> both = [runner.Detections(0), runner.Detections(1, width: 16, height: 4)];
        Assert.All(both, boxes => Assert.NotEmpty(boxes));
        for (var image = 0; image < 2; image++)
        {
            runner.Run(images.AsSpan(image * 192, 192));
            Assert.Equal(both[image], runner.Detections(0, image == 1 ? 16 : 0, image == 1 ? 4 : 0));
        }

        Assert.Contains(both[0][0].Label, new[] { "cat", "dog" });
    }

    [Fact]
    public void Detections_OfAClassifier_SayThatItIsNone()
    {
        using var runner = new PackedRunner(SampleModels.EveryNode());
        runner.Run(new Draw(1).Reals(192));
        Assert.Equal("The model is no detector: it does not say how its outputs become boxes.", Assert.Throws<InvalidOperationException>(() => runner.Detections(0)).Message);
    }

    [Theory]
    [InlineData("scores", "at the detector, level 0, expected the name of an output but found 'nothing'.")]
    [InlineData("anchors", "at the detector, level 0, expected anchors from 1 to 1024 but found 0.")]
    [InlineData("side", "at the detector, level 0, expected anchors with sides above 0 and at most 2 but found 0 x 0.5.")]
    [InlineData("count", "at the detector, level 0, expected channels of the scores 3 but found 6.")]
    [InlineData("threshold", "at the detector, expected settings in their ranges but found score_threshold must be in [0, 1), got 2.")]
    [InlineData("key", "at model.detector, expected known keys but found 'colour'.")]
    [InlineData("levels", "at the detector, expected levels from 1 to 64 but found 0.")]
    [InlineData("missing", "at model.detector, expected a key overlap_threshold but found none.")]
    public void Load_OfADamagedDetector_SaysWhere(string fault, string message)
    {
        var file = new EditableFile(SampleModels.Bytes(Detector()));
        var detector = file.Model["detector"]!.AsObject();
        switch (fault)
        {
            case "scores":
                detector["levels"]![0]!["scores"] = "nothing";
                break;
            case "anchors":
                detector["levels"]![0]!["anchors"] = new System.Text.Json.Nodes.JsonArray();
                break;
            case "side":
                detector["levels"]![0]!["anchors"]![0] = new System.Text.Json.Nodes.JsonArray(0, 0.5);
                break;
            case "count":
                detector["levels"]![0]!["anchors"]!.AsArray().RemoveAt(0);
                break;
            case "threshold":
                detector["score_threshold"] = 2;
                break;
            case "key":
                detector["colour"] = 1;
                break;
            case "levels":
                detector["levels"] = new System.Text.Json.Nodes.JsonArray();
                break;
            default:
                detector.Remove("overlap_threshold");
                break;
        }

        Assert.Contains(message, Assert.Throws<PackedModelException>(() => PackedModel.Load(file.ToBytes())).Message, StringComparison.Ordinal);
    }

    private static PackedModel Detector()
    {
        var draw = new Draw(5);
        var graph = new GraphBuilder(8, 8, 3);
        var map = graph.Convolution("map", graph.Image, draw.Reals(6 * 3 * 9), draw.Reals(6), ConvolutionGeometry.Same(3, stride: 2));
        graph.Output("scores.0", graph.Convolution("scores", map, draw.Reals(6 * 6), draw.Reals(6), new ConvolutionGeometry(1)));
        graph.Output("codes.0", graph.Convolution("codes", map, draw.Reals(8 * 6), draw.Reals(8), new ConvolutionGeometry(1)));
        return graph.Build(new ModelInfo
        {
            Producer = "test 1.0",
            Classes = ["cat", "dog"],
            Detector = new DetectorInfo { Levels = [new DetectorLevel("scores.0", "codes.0", [new(0.4, 0.3), new(0.8, 0.9)])] },
        });
    }

    /// <summary>Straight from the description: no code shared.</summary>
    private static List<(int Class, int Anchor, double Score)> Literal(List<Anchor> anchors, int classes, DetectorSettings settings, float[] scores, float[] codes)
    {
        var kept = new List<(int Class, int Anchor, double Score, double[] Box)>();
        for (var index = 0; index < classes; index++)
        {
            var candidates = new List<(int Anchor, double Score, double[] Box)>();
            for (var a = 0; a < anchors.Count; a++)
            {
                float[] given = [.. scores.Skip(a * (classes + 1)).Take(classes + 1)];
                double[] row = [.. given.Select(score => Math.Exp((double)score - given.Max()))]; // shifted as described, so that ties are ties to the last bit
                var share = row[index + 1] / row.Sum();
                double[] code = [.. codes.Skip(4 * a).Take(4)];
                var (x, y) = (anchors[a].X + (code[0] * 0.1 * anchors[a].Width), anchors[a].Y + (code[1] * 0.1 * anchors[a].Height));
                var (w, h) = (anchors[a].Width * Math.Exp(code[2] * 0.2), anchors[a].Height * Math.Exp(code[3] * 0.2));
                double[] box = [.. new[] { x - (w / 2), y - (h / 2), x + (w / 2), y + (h / 2) }.Select(edge => Math.Min(1, Math.Max(0, edge)))];
                if (share > settings.ScoreThreshold && box[2] > box[0] && box[3] > box[1])
                {
                    candidates.Add((a, share, box));
                }
            }

            candidates = [.. candidates.OrderByDescending(one => one.Score).ThenBy(one => one.Anchor).Take(settings.MostCandidates)];
            while (candidates.Count > 0)
            {
                var best = candidates[0];
                kept.Add((index, best.Anchor, best.Score, best.Box));
                candidates.RemoveAt(0);
                candidates.RemoveAll(other => Overlap(best.Box, other.Box) > settings.OverlapThreshold);
            }
        }

        return [.. kept.OrderByDescending(one => one.Score).ThenBy(one => one.Class).ThenBy(one => one.Anchor).Take(settings.MostDetections)
            .Select(one => (one.Class, one.Anchor, Math.Round(one.Score, 9)))];

        static double Overlap(double[] a, double[] b)
        {
            var both = Math.Max(0, Math.Min(a[2], b[2]) - Math.Max(a[0], b[0])) * Math.Max(0, Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
            return both / (((a[2] - a[0]) * (a[3] - a[1])) + ((b[2] - b[0]) * (b[3] - b[1])) - both);
        }
    }
}
