using DcpNas.Data.Detection;
using DcpNas.Runtime;
using DcpNas.Tasks.Detection;

namespace DcpNas.Tests.Tasks.Detection;

/// <summary>Overlaps, codes, anchors, matching and mining, against hand-worked numbers and literal implementations.</summary>
public class BoxTests
{
    [Fact]
    public void Overlap_OfRandomWholeBoxes_EqualsCountedPixels()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var (a, b) = (Draw(), Draw());
            bool In(int[] box, int x, int y) => x >= box[0] && x < box[2] && y >= box[1] && y < box[3];
            var pixels = Enumerable.Range(0, 144).Select(i => (X: i % 12, Y: i / 12)).ToList();
            var both = pixels.Count(p => In(a, p.X, p.Y) && In(b, p.X, p.Y));
            var either = pixels.Count(p => In(a, p.X, p.Y) || In(b, p.X, p.Y));
            Assert.Equal((double)both / either, Box(a).OverlapWith(Box(b)), 1e-12);
            Assert.Equal((double)both / either, new BoxCandidate(0, 1, 0, a[0], a[1], a[2], a[3]).OverlapWith(new BoxCandidate(0, 1, 0, b[0], b[1], b[2], b[3])), 1e-12);
        }

        int[] Draw()
        {
            var (x, y) = (random.Next(11), random.Next(11));
            return [x, y, random.Next(x + 1, 13), random.Next(y + 1, 13)];
        }

        static ShareBox Box(int[] box) => new(box[0], box[1], box[2], box[3]);
    }

    [Fact]
    public void Encode_ThenDecode_GivesTheBoxAgain()
    {
        var (random, settings) = (new Random(2), new DetectorSettings { CentreVariance = 0.15, SizeVariance = 0.25 });
        for (var round = 0; round < 100; round++)
        {
            var anchor = new Anchor(random.NextDouble(), random.NextDouble(), 0.05 + random.NextDouble(), 0.05 + random.NextDouble());
            var (left, top) = (random.NextDouble() * 0.7, random.NextDouble() * 0.7);
            var box = new ShareBox(left, top, left + 0.05 + (random.NextDouble() * 0.2), top + 0.05 + (random.NextDouble() * 0.2));
            var (x, y, w, h) = BoxCoding.Encode(anchor, box, settings);
            var again = DetectionDecoder.Decode(anchor, [(float)x, (float)y, (float)w, (float)h], settings);
            Assert.Equal([box.Left, box.Top, box.Right, box.Bottom], [again.Left, again.Top, again.Right, again.Bottom], (a, b) => Math.Abs(a - b) < 1e-6);
        }
    }

    [Fact]
    public void Cluster_OfThreeGroups_FindsTheirMeansAndTheSmallestGoFirst()
    {
        var random = new Random(3);
        (double Width, double Height)[] groups = [(0.1, 0.1), (0.2, 0.6), (0.8, 0.7)];
        (double, double)[] sizes = [.. Enumerable.Range(0, 300).Select(i => (groups[i % 3].Width + (0.01 * (random.NextDouble() - 0.5)), groups[i % 3].Height + (0.01 * (random.NextDouble() - 0.5))))];
        var levels = AnchorClustering.ForLevels(sizes, levels: 3, perLevel: 1, seed: 4);
        for (var level = 0; level < 3; level++)
        {
            Assert.Equal(groups[level].Width, levels[level][0].Width, 0.002);
            Assert.Equal(groups[level].Height, levels[level][0].Height, 0.002);
        }

        Assert.Equal(levels.SelectMany(level => level), AnchorClustering.ForLevels(sizes, 3, 1, 4).SelectMany(level => level));
        Assert.Equal(6, AnchorClustering.ForLevels([(0.3, 0.3)], 2, 3, 0).Sum(level => level.Count)); // fewer sizes than clusters
    }

    [Fact]
    public void Match_OfAHandWorkedCase_GivesEachObjectItsBestAnchorFirst()
    {
        ShareBox[] anchors = [new(0, 0, 0.4, 0.4), new(0.05, 0, 0.45, 0.4), new(0.5, 0.5, 0.9, 0.9), new(0.9, 0, 1, 0.1), new(0.6, 0, 0.8, 0.2)];
        LabelledBox[] objects = [new(3, 0, 0, 40, 40), new(1, 4, 0, 44, 40), new(2, 85, 85, 100, 100), new(0, 60, 0, 80, 20) { Difficult = true }];
        var boxes = objects.Select(one => ShareBox.Of(one, 100, 100)).ToArray();
        // Object 1 overlaps anchor 1 by 0.95 and takes it although it overlaps anchor 0 too; object 2 overlaps none by 0.5, but takes the one that it touches; anchor 4 lies on a difficult one.
        Assert.Equal([0, 1, 2, AnchorMatching.Background, AnchorMatching.Ignored], AnchorMatching.Match(anchors, objects, boxes, 0.5));
        objects[3] = objects[3] with { Difficult = false, Crowd = true };
        Assert.Equal(AnchorMatching.Ignored, AnchorMatching.Match(anchors, objects, boxes, 0.5)[4]);
        Assert.All(AnchorMatching.Match(anchors, [], [], 0.5), match => Assert.Equal(AnchorMatching.Background, match));
    }

    [Fact]
    public void Match_OfRandomObjects_EqualsAReferenceImplementation()
    {
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var anchors = Anchor.OfMap(4, 4, [new(0.2, 0.2), new(0.5, 0.3)]).Select(ShareBox.Of).ToArray();
            LabelledBox[] objects = [.. Enumerable.Range(0, random.Next(6)).Select(_ =>
            {
                var (x, y) = (random.Next(80), random.Next(80));
                return new LabelledBox(0, x, y, random.Next(x + 5, 101), random.Next(y + 5, 101));
            })];
            ShareBox[] boxes = [.. objects.Select(one => ShareBox.Of(one, 100, 100))];
            Assert.Equal(Literal(anchors, boxes), AnchorMatching.Match(anchors, objects, boxes, 0.5));
        }

        static int[] Literal(ShareBox[] anchors, ShareBox[] boxes)
        {
            int[] result = [.. Enumerable.Repeat(-1, anchors.Length)];
            var pairs = (from o in Enumerable.Range(0, boxes.Length) from a in Enumerable.Range(0, anchors.Length) select (o, a, iou: anchors[a].OverlapWith(boxes[o])))
                .Where(pair => pair.iou > 0).OrderByDescending(pair => pair.iou).ThenBy(pair => pair.o).ThenBy(pair => pair.a).ToList();
            var done = new HashSet<int>();
            foreach (var (o, a, _) in pairs)
            {
                if (!done.Contains(o) && result[a] < 0)
                {
                    result[a] = o;
                    done.Add(o);
                }
            }

            for (var a = 0; a < anchors.Length; a++)
            {
                var best = pairs.Where(pair => pair.a == a && pair.iou >= 0.5).OrderByDescending(pair => pair.iou).ThenBy(pair => pair.o).Select(pair => (int?)pair.o).FirstOrDefault();
                result[a] = result[a] < 0 && best is { } one ? one : result[a];
            }

            return result;
        }
    }

    [Fact]
    public void Choose_OfNegatives_TakesTheHardestThreePerObjectAndNoIgnoredOne()
    {
        float[] losses = [0.1f, 5, 0.3f, 9, 0.3f, 0.2f, 7];
        int[] matches = [-1, 0, -1, -2, -1, -1, -1];
        Assert.Equal([6, 2, 4], HardNegatives.Choose(losses, matches, 3));
        Assert.Empty(HardNegatives.Choose(losses, [-1, -1, -1, -1, -1, -1, -1], 3));
        Assert.Equal([6, 2, 4, 5, 0], HardNegatives.Choose(losses, matches, 100));
    }
}
