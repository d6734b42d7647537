using System.Xml.Linq;
using DcpNas.Runs.Report;

namespace DcpNas.Tests.Runs.Report;

public class ScatterChartTests
{
    [Fact]
    public void Render_Points_HasADotEachAndAMarkInside()
    {
        var svg = Chart([(1, 0.5, "a<b"), (2, 0.25, "b"), (double.NaN, 1, "c")], (3, 0.75, "found"));

        var dots = svg.Descendants().Where(element => element.Name.LocalName == "circle").ToList();
        Assert.Equal(["a<b: 0.5 at 1", "b: 0.25 at 2", "found: 0.75 at 3"], dots.Select(dot => dot.Elements().Single().Value));
        Assert.All(dots, dot => Assert.InRange((double)dot.Attribute("cx")!, 0, 560));
        Assert.All(dots, dot => Assert.InRange((double)dot.Attribute("cy")!, 0, 340));
        Assert.True((double)dots[0].Attribute("cx")! < (double)dots[1].Attribute("cx")! && (double)dots[0].Attribute("cy")! < (double)dots[1].Attribute("cy")!);
    }

    [Fact]
    public void Front_OfPairs_IsThoseThatNoOtherBeats()
    {
        (double X, double Y, string Name)[] points = [(3, 0.5, "dear and bad"), (1, 0.4, "cheap"), (2, 0.6, "good"), (2, 0.5, "as dear as good"), (4, 0.6, "as good as good"), (5, 0.7, "best")];

        Assert.Equal(["cheap", "good", "best"], ScatterChart.Front(points).Select(point => point.Name));
        var front = XDocument.Parse(new ScatterChart { Title = "t", XLabel = "x", YLabel = "y", Points = points, HasFront = true, Limit = 3 }.Render());
        var paths = front.Descendants().Where(element => element.Name.LocalName == "path").Select(path => ((string)path.Attribute("d")!, path.Value)).ToList();
        Assert.Contains(paths, path => path.Item1.Count(letter => letter == 'H') == 2 && path.Item1.Count(letter => letter == 'V') == 2);
        Assert.Contains(paths, path => path.Value == "limit: 3");
        Assert.DoesNotContain("limit", new ScatterChart { Title = "t", XLabel = "x", YLabel = "y", Points = points, Limit = 30 }.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_WithoutPoints_SaysSo() => Assert.Contains("no data yet", Chart([], null).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Render_EqualPoints_Works() => Assert.DoesNotContain("NaN", Chart([(1, 1, "a"), (1, 1, "b")], null).ToString(), StringComparison.Ordinal);

    private static XDocument Chart(IReadOnlyList<(double X, double Y, string Name)> points, (double X, double Y, string Name)? mark) =>
        XDocument.Parse(new ScatterChart { Title = "t", XLabel = "x", YLabel = "y", Points = points, Mark = mark }.Render());
}
