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
    public void Render_WithoutPoints_SaysSo() => Assert.Contains("no data yet", Chart([], null).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Render_EqualPoints_Works() => Assert.DoesNotContain("NaN", Chart([(1, 1, "a"), (1, 1, "b")], null).ToString(), StringComparison.Ordinal);

    private static XDocument Chart(IReadOnlyList<(double X, double Y, string Name)> points, (double X, double Y, string Name)? mark) =>
        XDocument.Parse(new ScatterChart { Title = "t", XLabel = "x", YLabel = "y", Points = points, Mark = mark }.Render());
}
