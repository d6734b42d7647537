using System.Buffers.Binary;
using DcpNas.Runs.Report;

namespace DcpNas.Tests.Runs.Report;

public sealed class HtmlBlockTests
{
    [Theory]
    [InlineData(28, "class=\"enlarged\" style=\"width:84px\"", 96)]
    [InlineData(32, "class=\"enlarged\" style=\"width:96px\"", 96)]
    [InlineData(64, "class=\"enlarged\" style=\"width:128px\"", 128)]
    [InlineData(96, "style=\"width:96px\"", 96)]
    [InlineData(256, "style=\"width:256px\"", 256)]
    [InlineData(4000, "style=\"width:320px\"", 320)]
    public void Gallery_OfPictures_ShowsThemInWholePixelsOfTheirOwn(int width, string style, int tile)
    {
        var png = new byte[33];
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);

        var html = new HtmlBlock().Gallery([(png, "a", true)]).ToString();

        Assert.Contains($"<img {style} alt=\"a\"", html, StringComparison.Ordinal);
        Assert.StartsWith($"<div class=\"gallery\" style=\"--tile:{tile + 8}px\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Gallery_OfNothing_IsEmpty() => Assert.Equal("<div class=\"gallery\" style=\"--tile:104px\"></div>\n", new HtmlBlock().Gallery([]).ToString());

    [Theory]
    [InlineData(5, "<div class=\"scroll\"><table>")]
    [InlineData(6, "<div class=\"scroll broad\"><table>")]
    public void Table_OfManyColumns_UsesTheWindowAndKeepsItsFirstColumnInView(int columns, string beginning)
    {
        var cells = Enumerable.Range(0, columns).Select(column => $"c{column}").ToArray();
        Assert.StartsWith(beginning, new HtmlBlock().Table(cells, [cells]).ToString(), StringComparison.Ordinal);
        Assert.Contains(".broad td:first-child{position:sticky;left:0;", new HtmlPage("t").Render(), StringComparison.Ordinal);
    }
}
