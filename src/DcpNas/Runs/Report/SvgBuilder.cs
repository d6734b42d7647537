using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace DcpNas.Runs.Report;

/// <summary>Collects SVG elements; numbers are rounded to a tenth of a pixel, which keeps long curves small.</summary>
internal sealed class SvgBuilder
{
    private readonly StringBuilder _text = new();

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

    public SvgBuilder Text(double x, double y, string text, string attributes = "")
    {
        _text.Append("<text x=\"").Append(N(x)).Append("\" y=\"").Append(N(y)).Append('"').Append(attributes.Length > 0 ? " " : "").Append(attributes)
            .Append('>').Append(Escape(text)).Append("</text>");
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>A chart of a size, with a title for screen readers.</summary>
    public string Document(double width, double height, string title) =>
        $"<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-2 0 {N(width + 4)} {N(height)}\" role=\"img\"><title>{Escape(title)}</title>{_text}</svg>";

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
