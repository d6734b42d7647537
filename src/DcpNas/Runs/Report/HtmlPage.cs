using System.Text;

namespace DcpNas.Runs.Report;

/// <summary>A self-contained page: no script, no font, no picture from elsewhere; light or dark as the reader's system is.</summary>
/// <remarks>A content security policy in the page forbids the browser to load anything, so the promise does not rest on this code alone.</remarks>
public sealed class HtmlPage
{
    private readonly List<(string Id, string Heading, HtmlBlock Block)> _sections = [];

    /// <summary>Creates a page.</summary>
    /// <param name="title">Its heading and the name of its tab.</param>
    public HtmlPage(string title) => Title = title;

    /// <summary>The heading.</summary>
    public string Title { get; }

    /// <summary>A line under the heading.</summary>
    public string Subtitle { get; set; } = "";

    /// <summary>One word beside the heading: finished, running.</summary>
    public string Badge { get; set; } = "";

    /// <summary>What stands before the first section.</summary>
    public HtmlBlock Lead { get; } = new();

    /// <summary>Adds a section; the sections are linked at the top.</summary>
    public HtmlPage Section(string heading, Action<HtmlBlock> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var block = new HtmlBlock();
        fill(block);
        _sections.Add(($"s{_sections.Count + 1}", heading, block));
        return this;
    }

    /// <summary>The whole page.</summary>
    public string Render()
    {
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\n")
            .Append($"<title>{HtmlBlock.Escape(Title)}</title>\n<style>\n{HtmlStyle.Sheet}\n{ChartStyle.Sheet}\n</style></head>\n<body><main>\n<header><h1>{HtmlBlock.Escape(Title)}");
        if (Badge.Length > 0)
        {
            html.Append($"<span class=\"badge {HtmlBlock.Escape(Badge)}\">{HtmlBlock.Escape(Badge)}</span>");
        }

        html.Append($"</h1><p class=\"note\">{HtmlBlock.Escape(Subtitle)}</p></header>\n{Lead}");
        html.Append($"<nav>{string.Concat(_sections.Select(section => $"<a href=\"#{section.Id}\">{HtmlBlock.Escape(section.Heading)}</a>"))}</nav>\n");
        foreach (var (id, heading, block) in _sections)
        {
            html.Append($"<section id=\"{id}\"><h2>{HtmlBlock.Escape(heading)}</h2>\n{block}</section>\n");
        }

        return html.Append("</main></body></html>\n").ToString();
    }
}
