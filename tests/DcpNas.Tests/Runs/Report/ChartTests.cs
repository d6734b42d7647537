using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DcpNas.Runs.Report;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Runs.Report;

public class ChartTests
{
    private static LineChart Lines(params (double X, double Y)[] points) => new() { Title = "t", Series = [new ChartSeries("s", points)] };

    private static IEnumerable<XElement> Elements(string svg, string name) => XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == name);

    private static string CurvePath(string svg) => Elements(svg, "path").Last().Attribute("d")!.Value;

    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-0.3, 0.31, 5, "-0.2 0.0 0.2")]
    [InlineData(0, 50, 8, "0 10 20 30 40 50")]
    [InlineData(0.0001, 0.00042, 4, "0.0001 0.0002 0.0003 0.0004")]
    [InlineData(43e6, 52e6, 4, "45M 50M")]
    [InlineData(0, 12000, 3, "0 5000 10k")]
    public void Ticks_Linear_AreRoundAndInside(double from, double to, int count, string expected)
    {
        var ticks = new Axis(from, to, false, 0, 100).Ticks(count);
        Assert.Equal(expected, string.Join(' ', ticks.Select(tick => tick.Label)));
        Assert.All(ticks, tick => Assert.InRange(tick.Value, from - 1e-9, to + (1e-9 * Math.Abs(to))));
    }

    [Fact]
    public void Ticks_Log_AreDecades()
    {
        var axis = new Axis(0.0005, 2000, true, 0, 100);
        Assert.Equal("0.001 0.1 10 1000", string.Join(' ', axis.Ticks(5).Select(tick => tick.Label)));
        Assert.Equal(0, axis.Map(0.0005), 9);
        Assert.Equal(50, axis.Map(1), 9);
        Assert.Equal(100, axis.Map(2000), 9);
        Assert.Equal(["2", "4", "6", "8"], new Axis(1.5, 8, true, 0, 1).Ticks(4).Select(tick => tick.Label));
    }

    [Fact]
    public void LineChart_Points_StandWhereTheirValuesSay()
    {
        var svg = (Lines((0, 0), (5, 1), (10, 0.5)) with { Include = 0 }).Render();
        var numbers = Regex.Matches(CurvePath(svg), @"-?[\d.]+").Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(6, numbers.Length);
        Assert.Equal(numbers[0] + numbers[4], 2 * numbers[2], 0.2); // x: evenly spaced
        Assert.True(numbers[3] < numbers[5] && numbers[5] < numbers[1]); // y: 1 above 0.5 above 0
        Assert.Equal((numbers[1] + numbers[3]) / 2, numbers[5], 0.2);
    }

    [Fact]
    public void LineChart_WithARange_ShowsItWholeAndGrowsForValuesOutside()
    {
        string[] Labels(LineChart chart) => [.. Elements(chart.Render(), "text").Where(text => (string?)text.Attribute("class") == "e s").Select(text => text.Value).Where(text => text != "epoch")];
        Assert.Equal(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], Labels(Lines((0, 0.1), (1, 0.1001)) with { YRange = (0, 1) }));
        Assert.Contains("2.0", Labels(Lines((0, 0.1), (1, 2.3)) with { YRange = (0, 1) }));
    }

    [Fact]
    public void DecisionChart_OfEdges_HasAnAxisFromZeroToOneWhateverTheirValues()
    {
        var svg = new DecisionChart
        {
            Title = "t",
            Edges = [new DecisionBar("0 → 2", "sep_conv_3x3", 0.13, "skip_connect", 0.125, "sep_conv_3x3", false), new DecisionBar("1 → 2", "skip_connect", 0.5, "none", double.NaN, null, true)],
        }.Render();

        var bars = Elements(svg, "rect").Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(0.26, bars[0] / bars[1], 0.002);
        Assert.Equal(["0 %", "25 %", "50 %", "75 %", "100 %", "12.5 %"], Elements(svg, "text").Where(text => (string?)text.Attribute("class") == "m s").Select(text => text.Value));
        Assert.Contains("sep_conv_3x3 13.0 %, +0.5 %", svg);
        Assert.DoesNotContain("NaN", svg.Replace("NaN %", "", StringComparison.Ordinal));
        Assert.Contains("no data yet", new DecisionChart { Title = "t", Edges = [] }.Render());
    }

    [Fact]
    public void LineChart_NotANumber_LeavesAGap()
    {
        var path = CurvePath(Lines((0, 1), (1, 2), (2, double.NaN), (3, 3), (4, double.PositiveInfinity), (5, 1)).Render());
        Assert.Equal("MLMM", Regex.Replace(path, "[^ML]", ""));
        Assert.DoesNotContain("NaN", path);
        Assert.Equal("ML", Regex.Replace(CurvePath((Lines((0, 0), (1, 2), (2, 4)) with { Log = true }).Render()), "[^ML]", ""));
    }

    [Fact]
    public void LineChart_NoData_SaysSo()
    {
        Assert.Contains("no data yet", Lines().Render());
        Assert.Contains("no data yet", Lines((0, double.NaN)).Render());
        Assert.Contains("no data yet", (Lines((0, -1)) with { Log = true }).Render());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1e-300)]
    [InlineData(1e300)]
    public void LineChart_OnePointOrConstant_IsWellFormed(double value)
    {
        foreach (var svg in (string[])[Lines((3, value)).Render(), Lines((3, value), (4, value)).Render(), (Lines((3, value), (4, 2 * value)) with { Log = true }).Render()])
        {
            XDocument.Parse(svg);
            Assert.DoesNotContain("NaN", svg);
            Assert.DoesNotContain("∞", svg);
        }
    }

    [Fact]
    public void LineChart_ManyPoints_StaysSmall()
    {
        var svg = Lines([.. Enumerable.Range(0, 100_000).Select(index => ((double)index, Math.Sin(index / 5000.0)))]).Render();
        Assert.InRange(svg.Length, 1000, 20_000);
    }

    [Fact]
    public void LineChart_ManySeries_HaveDifferentColoursAndALegend()
    {
        var svg = new LineChart { Title = "t", Series = [.. Enumerable.Range(0, 8).Select(index => new ChartSeries($"series {index}", [(0, index), (1, index)]))] }.Render();
        Assert.All(ChartStyle.Palette, colour => Assert.Contains($"stroke=\"{colour}\"", svg));
        Assert.All(Enumerable.Range(0, 8), index => Assert.Contains($"series {index} <tspan", svg));
    }

    [Fact]
    public void Charts_HostileNames_AreEscaped()
    {
        const string Hostile = "<script>alert(\"1\")</script> & 'x'";
        foreach (var svg in (string[])
            [
                new LineChart { Title = Hostile, XLabel = Hostile, Series = [new ChartSeries(Hostile, [(0, 1), (1, 2)], Hostile)], Marks = [(1, Hostile)] }.Render(),
                new BarChart { Title = Hostile, Bars = [(Hostile, 2)], Colour = _ => Hostile }.Render(),
                new AlphaChart { Title = Hostile, Operations = [Hostile], Snapshots = [(0, [[1.0]])] }.Render(),
            ])
        {
            Assert.Empty(Elements(svg, "script"));
            Assert.Contains("&lt;script&gt;", svg);
        }
    }

    [Fact]
    public void BarChart_Lengths_AreProportional()
    {
        var svg = new BarChart { Title = "OPs", Bars = [("a", 4), ("b", 1), ("none", double.NaN)] }.Render();
        var widths = Elements(svg, "rect").Select(rect => double.Parse(rect.Attribute("width")!.Value, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(4, widths[0] / widths[1], 0.01);
        Assert.Equal(0, widths[2]);
        Assert.Contains("no data yet", new BarChart { Title = "t", Bars = [] }.Render());
    }

    [Fact]
    public void AlphaChart_Cell_HasAPanelPerEdgeInThePlaceOfTheEdge()
    {
        var uniform = Enumerable.Range(0, 14).Select(_ => Enumerable.Repeat(0.125, 8).ToArray()).ToArray();
        var peaked = uniform.Select((row, edge) => row.Select((_, operation) => operation == edge % 8 ? 1.0 : 0.0).ToArray()).ToArray();
        var svg = new AlphaChart { Title = "t", Snapshots = [(0, uniform), (4, peaked)], Kept = new HashSet<int> { 13 } }.Render();

        var names = Elements(svg, "text").Select(text => text.Value).Where(text => text.Contains('→')).ToArray();
        Assert.Equal(["0 → 2", "1 → 2", "0 → 3", "1 → 3", "2 → 3", "0 → 4", "1 → 4", "2 → 4", "3 → 4", "0 → 5", "1 → 5", "2 → 5", "3 → 5", "4 → 5"], names);
        var areas = Elements(svg, "path").ToList();
        Assert.Equal(14 * 8, areas.Count);
        Assert.Equal(OperationNames.All.Select(ChartStyle.OfOperation), areas.Take(8).Select(area => area.Attribute("fill")!.Value));
        Assert.Equal("0 → 2: none 1", areas[0].Value);
        Assert.Equal("M0 123.5L200 50L200 134L0 134Z", areas[0].Attribute("d")!.Value); // 1/8 to 8/8 of a panel from y 134 up to 50
        Assert.Equal(2, Elements(svg, "rect").Count(rect => rect.Attribute("class")?.Value == "k")); // edge 13 and the legend
    }

    [Fact]
    public void AlphaChart_Areas_FillThePanelWithoutOverlap()
    {
        var svg = new AlphaChart { Title = "t", Operations = ["a", "b"], Snapshots = [(0, [[0.25, 0.75]]), (1, [[0.5, 0.5]])] }.Render();
        var paths = Elements(svg, "path").Select(path => path.Attribute("d")!.Value).ToArray();
        Assert.Equal(["M0 113L200 92L200 134L0 134Z", "M0 50L200 50L200 92L0 113Z"], paths);
    }

    [Fact]
    public void AlphaChart_DamagedSnapshots_AreLeftOut()
    {
        Assert.Contains("no data yet", new AlphaChart { Title = "t", Snapshots = [(0, [[1.0]])] }.Render());
        var svg = new AlphaChart { Title = "t", Operations = ["a"], Snapshots = [(0, [[1.0], [1.0]]), (1, [[double.NaN]])] }.Render();
        Assert.DoesNotContain("L", Elements(svg, "path").Single().Attribute("d")!.Value.Replace("L0", ""));
    }

    [Fact]
    public void OfOperation_EachName_HasItsOwnColour()
    {
        Assert.Equal(8, OperationNames.All.Select(ChartStyle.OfOperation).Distinct().Count());
        Assert.Equal(ChartStyle.Palette[^1], ChartStyle.OfOperation("unknown"));
    }

    [Fact]
    public void Standalone_CarriesItsStyle()
    {
        var svg = ChartStyle.Standalone(Lines((0, 1), (1, 2)).Render());
        Assert.Contains("prefers-color-scheme:dark", Elements(svg, "style").Single().Value);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.123456, "0.1235")]
    [InlineData(0.00012345, "0.0001235")]
    [InlineData(0.00001, "1e-5")]
    [InlineData(12.3456, "12.35")]
    [InlineData(48210432, "48,210,432")]
    [InlineData(-1234.56, "-1,234.6")]
    [InlineData(double.NaN, "NaN")]
    public void Number_IsShortAndReadable(double value, string expected) => Assert.Equal(expected, Units.Number(value));

    [Theory]
    [InlineData(3.21, "3.2 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(7260, "2 h 1 min")]
    [InlineData(200000, "2 d 7 h")]
    public void Duration_ShowsTwoUnits(double seconds, string expected) => Assert.Equal(expected, Units.Duration(TimeSpan.FromSeconds(seconds)));
}
