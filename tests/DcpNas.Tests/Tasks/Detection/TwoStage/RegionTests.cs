using DcpNas.Cost;
using DcpNas.Data.Detection;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;
using DcpNas.Tasks.Detection.TwoStage;
using static TorchSharp.torch;

namespace DcpNas.Tests.Tasks.Detection.TwoStage;

/// <summary>What becomes a region, which of them are learned, and what they become, against formulas, hand-worked cases and literal implementations.</summary>
public class RegionTests
{
    [Fact]
    public void Of_AnySize_IsTheLevelOfTheEquation()
    {
        const int Side = 1024;
        FeatureMap[] maps = [.. ((int[])[4, 8, 16, 32]).Select(stride => new FeatureMap(1, Side / stride, Side / stride))];
        var random = new Random(1);
        var seen = new HashSet<int>();
        for (var round = 0; round < 300; round++)
        {
            var (width, height) = (Math.Exp(random.NextDouble() * 6.9), Math.Exp(random.NextDouble() * 6.9));
            var k = (int)Math.Clamp(Math.Floor(4 + Math.Log2(Math.Sqrt(width * height) / 224)), 2, 5);
            var level = RegionLevels.Of(new ShareBox(0.2, 0.3, 0.2 + (width / Side), 0.3 + (height / Side)), maps);
            Assert.Equal(k - 2, level);
            seen.Add(level);
        }

        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public void Match_BetweenTheThresholds_LearnsNothing()
    {
        ShareBox[] anchors = [new(0, 0, 0.4, 0.4), new(0, 0, 0.4, 0.2), new(0, 0.3, 0.4, 0.7), new(0.5, 0.5, 1, 1), new(0.6, 0.5, 1, 1)];
        LabelledBox[] objects = [new(3, 0, 0, 40, 40), new(1, 45, 60, 100, 100), new(0, 50, 50, 100, 100) { Difficult = true }];
        ShareBox[] boxes = [.. objects.Select(one => ShareBox.Of(one, 100, 100))];
        // Overlaps with object 0: 1, 0.5, 1/7; with object 1: anchor 3 0.2 / 0.27, anchor 4 0.16 / 0.26; both overlap the difficult one by 0.3 and more.
        Assert.Equal([0, -2, -1, 1, -2], AnchorMatching.Match(anchors, objects, boxes, new MatchRule(0.8, 0.3, EveryObject: true)));
        Assert.Equal([0, -2, -1, -2, -2], AnchorMatching.Match(anchors, objects, boxes, new MatchRule(0.8, 0.3, EveryObject: false)));
        Assert.Equal([0, 0, -1, 1, 1], AnchorMatching.Match(anchors, objects, boxes, new MatchRule(0.5, 0.5, EveryObject: false)));
    }

    [Fact]
    public void Draw_OfManyMatches_KeepsToNumberAndShareAndDrawsAllAlike()
    {
        int[] matches = [.. Enumerable.Range(0, 60).Select(i => i < 20 ? i % 3 : i < 50 ? AnchorMatching.Background : AnchorMatching.Ignored)];
        var counts = new int[60];
        for (var seed = 0; seed < 500; seed++)
        {
            var drawn = RegionSampling.Draw(matches, 16, 0.25, new SeededRandom(seed));
            Assert.Equal((16, 4), (drawn.Count, drawn.Count(i => matches[i] >= 0)));
            Assert.Equal(drawn.Distinct().Order(), drawn);
            foreach (var i in drawn)
            {
                counts[i]++;
            }
        }

        Assert.All(counts[..20], count => Assert.InRange(count, 60, 140)); // 500 * 4 / 20 = 100
        Assert.All(counts[20..50], count => Assert.InRange(count, 150, 250)); // 500 * 12 / 30 = 200
        Assert.All(counts[50..], count => Assert.Equal(0, count));
        Assert.Equal(RegionSampling.Draw(matches, 16, 0.25, new SeededRandom(9)), RegionSampling.Draw(matches, 16, 0.25, new SeededRandom(9)));
        Assert.Equal(Enumerable.Range(0, 50), RegionSampling.Draw(matches, 1000, 0.5, new SeededRandom(1))); // all that are left
        Assert.Equal([0, 1], RegionSampling.Draw([0, -1, -2], 256, 0.5, new SeededRandom(1)));
        Assert.Empty(RegionSampling.Draw([], 256, 0.5, new SeededRandom(1)));
    }

    [Fact]
    public void Proposals_OfRandomNumbers_EqualAReferenceImplementation()
    {
        var random = new Random(3);
        IReadOnlyList<IReadOnlyList<Anchor>> levels =
        [
            [.. Anchor.OfMap(6, 6, [new(0.2, 0.2), new(0.3, 0.15)])], [.. Anchor.OfMap(3, 3, [new(0.5, 0.5), new(0.7, 0.3)])],
        ];
        Anchor[] anchors = [.. levels.SelectMany(level => level)];
        for (var round = 0; round < 50; round++)
        {
            var design = new FasterRcnnDesign { RpnPreNmsTopN = 4 + random.Next(40), RpnPostNmsTopN = 1 + random.Next(30), RpnNmsThresh = 0.2 + (0.7 * random.NextDouble()) };
            float[] scores = [.. anchors.Select(_ => random.Next(20) / 4f)]; // many ties
            float[] codes = [.. Enumerable.Range(0, 4 * anchors.Length).Select(_ => (float)(random.NextDouble() - 0.5) * (random.Next(8) == 0 ? 12 : 2))];
            var found = new RegionProposals(levels, design, 64, 64).Of(scores, codes);
            Assert.Equal(Literal(levels, design, scores, codes), found);
            Assert.All(found, box => Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= 1, Bottom: <= 1 } && (box.Right - box.Left) * 64 >= 1));
        }

        static List<ShareBox> Literal(IReadOnlyList<IReadOnlyList<Anchor>> levels, FasterRcnnDesign design, float[] scores, float[] codes)
        {
            var (all, start) = (new List<(ShareBox Box, float Score, int Anchor)>(), 0);
            foreach (var level in levels)
            {
                var kept = new List<(ShareBox Box, float Score, int Anchor)>();
                foreach (var at in Enumerable.Range(start, level.Count).OrderByDescending(at => scores[at]).ThenBy(at => at).Take(design.RpnPreNmsTopN))
                {
                    var anchor = level[at - start];
                    var (x, y) = (anchor.X + (codes[4 * at] * anchor.Width), anchor.Y + (codes[(4 * at) + 1] * anchor.Height));
                    var (w, h) = (anchor.Width * Math.Exp(Math.Min(4, codes[(4 * at) + 2])), anchor.Height * Math.Exp(Math.Min(4, codes[(4 * at) + 3])));
                    double Clip(double value) => Math.Min(1, Math.Max(0, value));
                    var box = new ShareBox(Clip(x - (w / 2)), Clip(y - (h / 2)), Clip(x + (w / 2)), Clip(y + (h / 2)));
                    if (box.Right - box.Left >= 1.0 / 64 && box.Bottom - box.Top >= 1.0 / 64 && kept.All(better => better.Box.OverlapWith(box) <= design.RpnNmsThresh))
                    {
                        kept.Add((box, scores[at], at));
                    }
                }

                all.AddRange(kept);
                start += level.Count;
            }

            return [.. all.OrderByDescending(one => one.Score).ThenBy(one => one.Anchor).Take(design.RpnPostNmsTopN).Select(one => one.Box)];
        }
    }

    [Fact]
    public void Decode_OfRandomNumbers_EqualsAReferenceImplementation()
    {
        const int Classes = 3;
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            var settings = new DetectorSettings { ScoreThreshold = 0.2 * random.NextDouble(), OverlapThreshold = 0.2 + (0.6 * random.NextDouble()), MostDetections = 1 + random.Next(20) };
            ShareBox[] regions = [.. Enumerable.Range(0, 15).Select(_ =>
            {
                var (x, y) = (random.NextDouble() * 0.8, random.NextDouble() * 0.8);
                return new ShareBox(x, y, x + 0.05 + (0.15 * random.NextDouble()), y + 0.05 + (0.15 * random.NextDouble()));
            })];
            double[] shares = [.. regions.SelectMany(_ =>
            {
                double[] row = [.. Enumerable.Range(0, Classes + 1).Select(_ => (double)(1 + random.Next(4)))];
                return row.Select(value => value / row.Sum());
            })];
            float[] codes = [.. Enumerable.Range(0, 4 * Classes * regions.Length).Select(_ => (float)(random.NextDouble() - 0.5) * 8)];
            var found = new RegionDecoder(Classes, settings).Decode(regions, shares, codes);
            var expected = new List<(double Score, int Class, int Region, ShareBox Box)>();
            for (var index = 0; index < Classes; index++)
            {
                var kept = new List<(double Score, int Class, int Region, ShareBox Box)>();
                foreach (var i in Enumerable.Range(0, regions.Length).OrderByDescending(i => shares[(i * 4) + index + 1]).ThenBy(i => i).Where(i => shares[(i * 4) + index + 1] > settings.ScoreThreshold))
                {
                    var (region, at) = (regions[i], 4 * ((i * Classes) + index));
                    var (w, h) = (region.Right - region.Left, region.Bottom - region.Top);
                    var (x, y) = (((region.Left + region.Right) / 2) + (codes[at] * 0.1 * w), ((region.Top + region.Bottom) / 2) + (codes[at + 1] * 0.1 * h));
                    (w, h) = (w * Math.Exp(codes[at + 2] * 0.2), h * Math.Exp(codes[at + 3] * 0.2));
                    var box = new ShareBox(Math.Clamp(x - (w / 2), 0, 1), Math.Clamp(y - (h / 2), 0, 1), Math.Clamp(x + (w / 2), 0, 1), Math.Clamp(y + (h / 2), 0, 1));
                    if (kept.All(better => better.Box.OverlapWith(box) <= settings.OverlapThreshold))
                    {
                        kept.Add((shares[(i * 4) + index + 1], index, i, box));
                    }
                }

                expected.AddRange(kept);
            }

            Assert.Equal(
                expected.OrderByDescending(one => one.Score).ThenBy(one => one.Class).ThenBy(one => one.Region).Take(settings.MostDetections).Select(one => (one.Class, one.Region, Math.Round(one.Box.Left, 9))),
                found.Select(box => (box.Class, box.Anchor, Math.Round(box.Left, 9))));
        }
    }

    [Fact]
    public void Regions_ThroughATensor_AreTheSame()
    {
        using var scope = NewDisposeScope();
        Region[] regions = [new(3, new ShareBox(0.1, 1.0 / 3, 0.7, 0.9)), new(0, new ShareBox(0, 0, 1, 1), IsObject: true)];
        Assert.Equal(regions, Region.Of(Region.ToTensor(regions)));
        Assert.Empty(Region.Of(Region.ToTensor([])));
    }
}
