using System.Net;
using System.Text;

namespace DcpNas.Runs.Report;

/// <summary>Contents of a section of a page. All text is escaped; only charts go in as markup.</summary>
public sealed class HtmlBlock
{
    private const int BroadTable = 6;
    private const int SmallestPicture = 96, LargestPicture = 320;
    private readonly StringBuilder _html = new();

    /// <summary>A paragraph.</summary>
    public HtmlBlock Paragraph(string text) => Raw($"<p>{Escape(text)}</p>");

    /// <summary>A paragraph in small grey type.</summary>
    public HtmlBlock Note(string text) => Raw($"<p class=\"note\">{Escape(text)}</p>");

    /// <summary>A heading below that of the section.</summary>
    public HtmlBlock Heading(string text) => Raw($"<h3>{Escape(text)}</h3>");

    /// <summary>Text as typed: a command, a genotype.</summary>
    public HtmlBlock Preformatted(string text) => Raw($"<pre>{Escape(text)}</pre>");

    /// <summary>A box that stands out.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="warning">Whether it is a warning.</param>
    public HtmlBlock Notice(string text, bool warning = false) => Raw($"<p class=\"notice{(warning ? " warning" : "")}\">{Escape(text)}</p>");

    /// <summary>Figures to be seen first: a value over its name.</summary>
    public HtmlBlock Tiles(IEnumerable<(string Name, string Value)> tiles)
    {
        ArgumentNullException.ThrowIfNull(tiles);
        Raw("<div class=\"tiles\">");
        foreach (var (name, value) in tiles)
        {
            Raw($"<div><b{(value.Length > 14 ? " class=\"long\"" : "")}>{Escape(value)}</b><span>{Escape(name)}</span></div>");
        }

        return Raw("</div>");
    }

    /// <summary>A table; one of many columns uses the whole window, and its first column stays in view where the others scroll.</summary>
    /// <param name="headers">One per column; a name that ends in '#' makes a right-aligned column of numbers.</param>
    /// <param name="rows">One text per column.</param>
    public HtmlBlock Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows) => MarkupTable(headers, rows.Select(row => row.Select(Escape)));

    /// <summary>A table whose cells may hold links and pictures.</summary>
    /// <param name="headers">One per column; a name that ends in '#' makes a right-aligned column of numbers.</param>
    /// <param name="rows">One cell per column.</param>
    public HtmlBlock CellTable(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<HtmlCell>> rows) => MarkupTable(headers, rows.Select(row => row.Select(Markup)));

    private static string Markup(HtmlCell cell)
    {
        var links = cell.Links.Select(link => $"<a href=\"{Escape(link.Path)}\">{Escape(link.Text)}</a>");
        var pictures = cell.Pictures.Select(picture => $"<img class=\"thumb\" alt=\"{Escape(picture.Caption)}\" title=\"{Escape(picture.Caption)}\" src=\"{Data(picture.Svg)}\">");
        return string.Join("<br>", ((string[])[Escape(cell.Text), string.Join(" ", links), string.Concat(pictures)]).Where(part => part.Length > 0));
    }

    private HtmlBlock MarkupTable(IReadOnlyList<string> headers, IEnumerable<IEnumerable<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(rows);
        var classes = headers.Select(header => header.EndsWith('#') ? " class=\"n\"" : "").ToArray();
        Raw($"<div class=\"scroll{(headers.Count >= BroadTable ? " broad" : "")}\"><table>");
        if (headers.Any(header => header.Length > 0))
        {
            Raw($"<thead><tr>{string.Concat(headers.Select((header, column) => $"<th{classes[column]}>{Escape(header.TrimEnd('#'))}</th>"))}</tr></thead>");
        }

        Raw("<tbody>");
        foreach (var row in rows)
        {
            Raw($"<tr>{string.Concat(row.Select((cell, column) => $"<td{classes[column]}>{cell}</td>"))}</tr>\n");
        }

        return Raw("</tbody></table></div>");
    }

    /// <summary>A table of names and values.</summary>
    public HtmlBlock KeyValues(IEnumerable<(string Key, string Value)> rows) => Table(["", ""], rows.Select(row => (string[])[row.Key, row.Value]));

    /// <summary>Charts of this namespace, side by side where there is room.</summary>
    public HtmlBlock Charts(params IEnumerable<string> charts) => Raw($"<div class=\"charts\">{string.Join('\n', charts.Select(chart => $"<figure>{chart}</figure>"))}</div>");

    /// <summary>One chart over the whole width.</summary>
    public HtmlBlock WideChart(string chart) => Raw($"<figure class=\"wide\">{chart}</figure>");

    /// <summary>An SVG picture of any origin. It is embedded as an image, so that nothing in it can run or reach out.</summary>
    /// <param name="svg">The SVG document.</param>
    /// <param name="caption">Shown below it and read out.</param>
    public HtmlBlock Picture(string svg, string caption)
    {
        return Raw($"<figure class=\"wide\"><img alt=\"{Escape(caption)}\" src=\"{Data(svg)}\"><figcaption>{Escape(caption)}</figcaption></figure>");
    }

    /// <summary>Small pictures side by side, each over a line of text.</summary>
    /// <remarks>A picture is shown in its own size, so that no line of it is lost; tiny ones are enlarged in sharp pixels, large ones shrink to their place.</remarks>
    /// <param name="pictures">PNG files and what they show; <c>Good</c> colours the text.</param>
    public HtmlBlock Gallery(IEnumerable<(byte[] Png, string Caption, bool Good)> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        var shown = pictures.Select(picture => (picture.Png, picture.Caption, picture.Good, Width: WidthOf(picture.Png))).ToList();
        var tile = shown.Select(picture => Shown(picture.Width)).Append(SmallestPicture).Max();
        return Raw($"<div class=\"gallery\" style=\"--tile:{tile + 8}px\">{string.Join('\n', shown.Select(picture =>
            $"<figure><img {Size(picture.Width)} alt=\"{Escape(picture.Caption)}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.Png)}\"><figcaption class=\"{(picture.Good ? "good" : "bad")}\">{Escape(picture.Caption)}</figcaption></figure>"))}</div>");

        static int Shown(int width) => width < SmallestPicture ? width * (int)Math.Round((double)SmallestPicture / Math.Max(1, width)) : Math.Min(width, LargestPicture);

        static string Size(int width) => $"{(width < SmallestPicture ? "class=\"enlarged\" " : "")}style=\"width:{Shown(width)}px\"";
    }

    /// <summary>Columns of a PNG file: the first number of its header, behind 8 bytes of signature and 8 of the chunk.</summary>
    private static int WidthOf(byte[] png) =>
        png.Length >= 24 ? (int)Math.Min(int.MaxValue, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(16))) : SmallestPicture;

    /// <summary>Contents that open on a click.</summary>
    public HtmlBlock Details(string summary, Action<HtmlBlock> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var inner = new HtmlBlock();
        fill(inner);
        return Raw($"<details><summary>{Escape(summary)}</summary>{inner}</details>");
    }

    /// <summary>The markup.</summary>
    public override string ToString() => _html.ToString();

    private static string Data(string svg) => $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}";

    internal static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");

    private HtmlBlock Raw(string html)
    {
        _html.Append(html).Append('\n');
        return this;
    }
}
