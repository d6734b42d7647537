using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.SearchSpace;

public class CellDiagramTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly Gen<CellGenotype> Cells = Gen.OneOf(
        Gen.Int[0, 2].Select(index => GenotypePresets.All[index].Genotype.Normal),
        Gen.Int[0, 2].Select(index => GenotypePresets.All[index].Genotype.Reduction),
        Gen.Long.Select(seed => Discretizer.Random(seed).Normal));

    [Fact]
    public void Svg_OfAnyCell_LabelsEveryEdgeOnce() => Cells.Sample(cell =>
    {
        var labels = Draw(cell).Descendants(Svg + "text").Select(text => text.Value).Where(OperationNames.All.Contains);

        Assert.Equal(cell.Edges().Select(edge => edge.Edge.Operation).Order(), labels.Order());
    }, iter: 200);

    [Fact]
    public void Svg_OfAnyCell_LetsNoBoxOverlapAnotherOrALine() => Cells.Sample(cell =>
    {
        var picture = Draw(cell);
        var boxes = picture.Descendants(Svg + "rect").Select(Box.Of).ToArray();
        var lines = picture.Descendants(Svg + "path").Where(path => path.Parent!.Name != Svg + "marker").SelectMany(Lines).ToArray();

        Assert.Equal(8 + 6 + 1, boxes.Length); // labels, nodes, output
        foreach (var (first, index) in boxes.Select((box, index) => (box, index)))
        {
            Assert.DoesNotContain(boxes.Skip(index + 1), first.Overlaps);
            Assert.DoesNotContain(lines, first.Overlaps);
        }

        var frame = new Box(0, 0, (double)picture.Attribute("width")!, (double)picture.Attribute("height")!);
        Assert.All(boxes, box => Assert.True(frame.Overlaps(box) && box.Left >= 0 && box.Top >= 0 && box.Right <= frame.Right && box.Bottom <= frame.Bottom));
    }, iter: 200);

    [Fact]
    public void Svg_OfAnyCell_DrawsEdgesOnTracksOfTheirOwn() => Cells.Sample(cell =>
    {
        var paths = Draw(cell).Descendants(Svg + "g").Select(group => group.Elements(Svg + "path").SelectMany(Lines).ToArray()).ToArray();

        Assert.Equal(8, paths.Length);
        foreach (var (first, second) in from i in Enumerable.Range(0, 8) from j in Enumerable.Range(i + 1, 7 - i) select (paths[i], paths[j]))
        {
            Assert.DoesNotContain(first, line => second.Any(other => line.RunsAlong(other)));
        }
    }, iter: 200);

    [Fact]
    public void Svg_WithMarkupInTheTitle_EscapesIt()
    {
        var picture = XElement.Parse(CellDiagram.Svg(GenotypePresets.All[0].Genotype.Normal, "a < b & \"c\" \u0001"));

        Assert.Equal("a < b & \"c\" ", picture.Element(Svg + "title")!.Value);
        Assert.Equal("img", picture.Attribute("role")!.Value);
        Assert.Equal(GenotypePresets.All[0].Genotype.Normal.ToString(), picture.Element(Svg + "desc")!.Value);
    }

    [Fact]
    public void Svg_OfAnyCell_IsLegibleOnWhiteAndOnBlack() => Cells.Sample(cell =>
    {
        var picture = Draw(cell);
        foreach (var fill in picture.Descendants(Svg + "rect").Select(rect => rect.Attribute("fill")!.Value).Distinct())
        {
            Assert.True(Contrast(fill, "#ffffff") >= 4.5, $"white text on {fill}");
        }

        foreach (var colour in picture.Descendants().Attributes("stroke").Select(stroke => stroke.Value).Where(value => value != "none").Distinct())
        {
            Assert.True(Contrast(colour, "#ffffff") >= 3 && Contrast(colour, "#000000") >= 3, $"line of {colour}");
        }

        var title = picture.Element(Svg + "text")!.Attribute("fill")!.Value;
        Assert.True(Contrast(title, "#ffffff") >= 4.5 && Contrast(title, "#000000") >= 4.5);
    }, iter: 20);

    private static XElement Draw(CellGenotype cell) => XElement.Parse(CellDiagram.Svg(cell, "cell"));

    /// <summary>The straight parts of a path; corners are left out.</summary>
    private static IEnumerable<Box> Lines(XElement path)
    {
        var (x, y) = (0.0, 0.0);
        foreach (Match command in Regex.Matches(path.Attribute("d")!.Value, "([MHVQ])([-0-9., ]+)"))
        {
            var numbers = command.Groups[2].Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            var (nextX, nextY) = command.Groups[1].Value switch
            {
                "H" => (numbers[0], y),
                "V" => (x, numbers[0]),
                _ => (numbers[^2], numbers[^1]),
            };
            if (command.Groups[1].Value is "H" or "V")
            {
                yield return new Box(Math.Min(x, nextX), Math.Min(y, nextY), Math.Max(x, nextX), Math.Max(y, nextY));
            }

            (x, y) = (nextX, nextY);
        }
    }

    /// <summary>Contrast ratio, WCAG 2.2.</summary>
    private static double Contrast(string first, string second)
    {
        var (light, dark) = (Math.Max(Luminance(first), Luminance(second)), Math.Min(Luminance(first), Luminance(second)));
        return (light + 0.05) / (dark + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Part(int start)
        {
            var value = int.Parse(colour.AsSpan(start, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public static Box Of(XElement rect)
        {
            var (x, y) = ((double)rect.Attribute("x")!, (double)rect.Attribute("y")!);
            return new Box(x, y, x + (double)rect.Attribute("width")!, y + (double)rect.Attribute("height")!);
        }

        /// <summary>Whether there is a common point inside of this one (lines have no inside of their own).</summary>
        public bool Overlaps(Box other) => other.Left < Right && other.Right > Left && other.Top < Bottom && other.Bottom > Top;

        /// <summary>Whether two lines share more than a point.</summary>
        public bool RunsAlong(Box other) =>
            Math.Min(Right, other.Right) - Math.Max(Left, other.Left) + Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top) > 0
            && Math.Min(Right, other.Right) >= Math.Max(Left, other.Left) && Math.Min(Bottom, other.Bottom) >= Math.Max(Top, other.Top);
    }
}
