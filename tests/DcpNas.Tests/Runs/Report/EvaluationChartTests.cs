using System.Globalization;
using System.Xml.Linq;
using DcpNas.Runs.Report;

namespace DcpNas.Tests.Runs.Report;

public sealed class EvaluationChartTests
{
    [Fact]
    public void MatrixChart_Cells_AreShadedByTheirShareOfTheRow()
    {
        long[,] counts = { { 3, 1 }, { 0, 4 } };
        var svg = new MatrixChart { Title = "confusion", Names = ["cat", "<dog>"], Count = (row, column) => counts[row, column] }.Render();

        var cells = Elements(svg, "rect").Where(cell => cell.Attribute("fill-opacity") is not null).ToList();
        Assert.Equal([0.06 + (0.84 * 0.75), 0.06 + (0.84 * 0.25), 0.9], cells.Select(cell => Number(cell, "fill-opacity")), (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal("cat taken for <dog>: 1 of 4", cells[1].Value);
        Assert.Equal((Number(cells[0], "y"), Number(cells[1], "x")), (Number(cells[1], "y"), Number(cells[2], "x"))); // rows and columns line up
        Assert.NotEqual(cells[0].Attribute("fill")!.Value, cells[1].Attribute("fill")!.Value); // the diagonal has its own colour
    }

    [Fact]
    public void MatrixChart_OfAThousandClasses_StaysReadableXml()
    {
        var names = Enumerable.Range(0, 1000).Select(k => $"class {k}").ToArray();
        var svg = new MatrixChart { Title = "confusion", Names = names, Count = (row, column) => row == column ? 5 : 0 }.Render();
        Assert.Equal(1000, Elements(svg, "rect").Count(cell => cell.Attribute("fill-opacity") is not null));
    }

    [Fact]
    public void ReliabilityChart_Bars_RiseToTheirAccuracy()
    {
        var svg = new ReliabilityChart { Title = "reliability", Bins = [(0, 0.5, 4, 0.25, 0.4), (0.5, 1, 0, null, null)] }.Render();
        var bar = Assert.Single(Elements(svg, "rect"));
        Assert.Equal(0.25 * 360, Number(bar, "height"), 0.11);
        var dot = Assert.Single(Elements(svg, "circle"));
        Assert.Equal(42 + (0.6 * 360), Number(dot, "cy"), 0.11);
        Assert.Contains("4 images, accuracy 0.25, mean confidence 0.4", bar.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void ForestChart_Rows_LineUpWithTheirSeedsMeanAndInterval()
    {
        var svg = new ForestChart
        {
            Title = "t",
            XLabel = "x",
            Reference = (0.2, "mean of random"),
            Groups = [new IntervalGroup("<dcp>", [(0.4, 0, "seed 0"), (0.6, 0, "seed 1")], 0.3, 0.7), new IntervalGroup("none", [], null, null), new IntervalGroup("random", [(0.2, 0, "seed 0")], null, null)],
        }.Render();

        var dots = Elements(svg, "circle").ToList();
        Assert.Equal(["<dcp>, seed 0: 0.4", "<dcp>, seed 1: 0.6", "random, seed 0: 0.2"], dots.Select(dot => dot.Value));
        var means = Elements(svg, "rect").ToList();
        Assert.Equal(["<dcp>: mean 0.5", "random: mean 0.2"], means.Select(mean => mean.Value));
        Assert.Equal((Number(dots[0], "cx") + Number(dots[1], "cx")) / 2, Number(means[0], "x") + 4, 0.11);
        Assert.Equal(Number(dots[2], "cx"), Number(means[1], "x") + 4, 0.11); // at the line of the mean of random
        Assert.True(Number(dots[0], "cy") == Number(dots[1], "cy") && Number(dots[2], "cy") > Number(dots[0], "cy"));
        Assert.Single(Elements(svg, "path"), path => path.Attribute("class")?.Value == "l");
        Assert.Contains("no data yet", new ForestChart { Title = "t", XLabel = "x", Groups = [] }.Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void HeatChart_Squares_AreShadedByTheirShareAndEmptyAtNone()
    {
        double[,,] shares = { { { 0.25, 0.75 }, { 1, 0 } }, { { double.NaN, 0.5 }, { 0, 0 } } };
        var svg = new HeatChart
        {
            Title = "t",
            Rows = ["dcp", "random"],
            Groups = ["normal", "reduction"],
            Columns = [("skip", "#111111"), ("<sep>", "#222222")],
            Share = (row, group, column) => shares[row, group, column],
        }.Render();

        var cells = Elements(svg, "rect").Where(cell => cell.Attribute("fill-opacity") is not null).ToList();
        Assert.Equal(
            ["dcp, normal, <sep>: 75 %", "dcp, normal, skip: 25 %", "dcp, reduction, skip: 100 %", "random, normal, <sep>: 50 %"], cells.Select(cell => cell.Value).Order(StringComparer.Ordinal));
        Assert.Equal([0.285, 0.49, 0.695, 0.9], cells.Select(cell => Number(cell, "fill-opacity")).Order(), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void CellTable_WithLinksAndPictures_EscapesThem()
    {
        var html = new HtmlBlock().CellTable(["a", "b#"], [[new HtmlCell("<x>") { Links = [("search", "jobs/a\"b/report.html")], Pictures = [("<svg/>", "cell <1>")] }, HtmlCell.Of("5")]]).ToString();
        Assert.Contains("<td>&lt;x&gt;<br><a href=\"jobs/a&quot;b/report.html\">search</a><br><img class=\"thumb\" alt=\"cell &lt;1&gt;\"", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">5</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void IntervalChart_Whisker_SpansTheInterval()
    {
        var svg = new IntervalChart
        {
            Title = "t",
            XLabel = "x",
            YLabel = "y",
            Groups = [new IntervalGroup("dcp", [(1, 0.4, "seed 0"), (3, 0.6, "seed 1")], 0.3, 0.7), new IntervalGroup("random", [(2, 0.2, "seed 0")], null, null)],
        }.Render();

        var circles = Elements(svg, "circle").Where(circle => circle.Elements().Any()).ToList();
        Assert.Equal(["dcp, seed 0: 0.4 at 1", "dcp, seed 1: 0.6 at 3", "dcp", "random, seed 0: 0.2 at 2", "random"], circles.Select(circle => circle.Value));
        Assert.Equal((Number(circles[0], "cy") + Number(circles[1], "cy")) / 2, Number(circles[2], "cy"), 0.11); // the mean stands between its points
        var whisker = Assert.Single(Elements(svg, "path"), path => path.Attribute("class")?.Value == "l").Attribute("d")!.Value;
        var ends = whisker.Split('M', 'V', 'h', ' ')[2..4].Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var scale = (Number(circles[0], "cy") - Number(circles[1], "cy")) / 0.2;
        Assert.Equal(0.4 * scale, ends[0] - ends[1], 0.3);
    }

    [Fact]
    public void Charts_WithoutData_SayIt()
    {
        Assert.Contains("no data yet", new IntervalChart { Title = "t", XLabel = "x", YLabel = "y", Groups = [] }.Render(), StringComparison.Ordinal);
        Assert.Contains("no data yet", new MatrixChart { Title = "t", Names = [], Count = (_, _) => 0 }.Render(), StringComparison.Ordinal);
        Assert.Empty(Elements(new ReliabilityChart { Title = "t", Bins = [] }.Render(), "rect"));
    }

    [Theory]
    [InlineData(1, "a")]
    [InlineData(2, "cat")]
    [InlineData(3, "a name of exactly twenty-eight")]
    [InlineData(10, "a name that is so long that nobody would want to see all of it beside a matrix")]
    [InlineData(25, "n01440764 tench, Tinca tinca")]
    public void MatrixChart_OfAnySize_HoldsItsCaptionAndNamesAndKeepsItsLettersReadable(int classes, string name)
    {
        var svg = new MatrixChart { Title = "Confusion matrix", Names = [.. Enumerable.Repeat(name, classes)], Count = (row, column) => 1 }.Render();
        var root = XDocument.Parse(svg).Root!;
        var view = root.Attribute("viewBox")!.Value.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var texts = Elements(svg, "text").ToList();

        var caption = Assert.Single(texts, text => text.Value == "predicted class across, true class down; shade = share of the row");
        Assert.True(Number(caption, "x") + (5.5 * caption.Value.Length) <= view[0] + view[2]);
        Assert.All(texts.Where(text => text.Attribute("class")!.Value == "e s"), text => Assert.True(Number(text, "x") - (5.5 * text.Value.Length) >= view[0]));
        Assert.All(texts.Where(text => text.Attribute("transform") is not null), text =>
        {
            var length = 5.5 * text.Value.Length * Math.Sqrt(0.5);
            Assert.True(Number(text, "y") - length >= view[1] && Number(text, "x") + length <= view[0] + view[2]);
        });
        Assert.All(texts, text => Assert.True(text.Value.Length <= 28 || text.Value.Contains(" across, ", StringComparison.Ordinal)));
        var shown = System.Text.RegularExpressions.Regex.Match(root.Attribute("style")!.Value, @"^min-width:([0-9.]+)px;max-width:([0-9.]+)px$").Groups;
        Assert.Equal(Math.Min(800, view[2] * 0.65), Pixels(1), 0.3);
        Assert.Equal(view[2] * 1.25, Pixels(2), 0.3);

        double Pixels(int group) => double.Parse(shown[group].Value, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<XElement> Elements(string svg, string name) => XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == name);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
