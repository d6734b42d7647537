using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace DcpNas.Runs.Report;

/// <summary>Collects SVG elements; numbers are rounded to a tenth of a pixel, which keeps long curves small.</summary>
internal sealed class SvgBuilder
{
    private const double Largest = 1.25; // of its own size: letters that are larger would shout
    private const double Smallest = 0.65; // smaller ones cannot be read: the chart scrolls instead
    private const double LeastWidth = 800; // but not where there is room for a whole page
    private readonly StringBuilder _text = new();
    private double _left = -2;
    private double _top;
    private double _right;

    /// <summary>Rounded for a coordinate.</summary>
    public static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Text made safe for element contents and attributes.</summary>
    public static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>Markup as it stands: interpolated numbers are rounded, interpolated text must be escaped by the caller.</summary>
    public SvgBuilder Add(MarkupHandler markup)
    {
        _text.Append(markup.ToString());
        return this;
    }

    /// <summary>A text; the drawing grows to the left and right where it needs the room.</summary>
    /// <param name="x">Where it begins, or ends or has its middle by the classes <c>e</c> and <c>m</c>.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">What it says.</param>
    /// <param name="attributes">Of the element.</param>
    public SvgBuilder Text(double x, double y, string text, string attributes = "")
    {
        var width = WidthOf(text, attributes);
        var left = Has(attributes, 'e') ? x - width : Has(attributes, 'm') ? x - (width / 2) : x;
        Include(left, y - 12, left + width);
        _text.Append("<text x=\"").Append(N(x)).Append("\" y=\"").Append(N(y)).Append('"').Append(attributes.Length > 0 ? " " : "").Append(attributes)
            .Append('>').Append(Escape(text)).Append("</text>");
        return this;
    }

    /// <summary>A small text that rises to the right by 45 degrees; the drawing grows where it needs the room.</summary>
    /// <param name="x">Where it begins.</param>
    /// <param name="y">Its base line there.</param>
    /// <param name="text">What it says.</param>
    public SvgBuilder RisingText(double x, double y, string text)
    {
        var length = WidthOf(text, "s") * Math.Sqrt(0.5);
        Include(x - 8, y - length - 10, x + length);
        return Add($"<text class=\"s\" x=\"{x}\" y=\"{y}\" transform=\"rotate(-45 {x} {y})\">{Escape(text)}</text>");
    }

    public override string ToString() => _text.ToString();

    /// <summary>A chart of a size, or of more where its texts need it, with a title for screen readers. It is never shown much larger or smaller than that size.</summary>
    public string Document(double width, double height, string title)
    {
        var (left, top) = (_left, Math.Min(0, _top));
        var (shownWidth, shownHeight) = (Math.Max(width + 2, _right) - left, height - top);
        return $"<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{N(left)} {N(top)} {N(shownWidth)} {N(shownHeight)}\" style=\"min-width:{N(Math.Min(LeastWidth, shownWidth * Smallest))}px;max-width:{N(shownWidth * Largest)}px\" role=\"img\">"
            + $"<title>{Escape(title)}</title>{_text}</svg>";
    }

    /// <summary>About the width of a text in the style sheet of charts; rather more than less.</summary>
    private static double WidthOf(string text, string attributes) => text.Length * (Has(attributes, 't') ? 8.6 : Has(attributes, 's') ? 6.7 : 7.3);

    private static bool Has(string attributes, char style) => attributes.Split('"', ' ').Contains(style.ToString());

    private void Include(double left, double top, double right) => (_left, _top, _right) = (Math.Min(_left, left), Math.Min(_top, top), Math.Max(_right, right));

    /// <summary>Rounds the numbers of an interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct MarkupHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 6));

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted(double value) => _text.Append(N(value));

        public void AppendFormatted(string text) => _text.Append(text);

        public override string ToString() => _text.ToString();
    }
}
