namespace DcpNas.Runs.Report;

/// <summary>A cell of a table that holds more than a text.</summary>
/// <param name="Text">The text.</param>
public sealed record HtmlCell(string Text)
{
    /// <summary>Links below the text: a name and a path relative to the page.</summary>
    public IReadOnlyList<(string Text, string Path)> Links { get; init; } = [];

    /// <summary>SVG pictures below the text, each with what it shows; embedded as images.</summary>
    public IReadOnlyList<(string Svg, string Caption)> Pictures { get; init; } = [];

    /// <summary>A cell of text alone.</summary>
    /// <param name="text">The text.</param>
    public static HtmlCell Of(string text) => new(text);
}
