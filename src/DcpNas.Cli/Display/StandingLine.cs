using Spectre.Console;
using Spectre.Console.Rendering;

namespace DcpNas.Cli.Display;

/// <summary>A line that stays above a live display.</summary>
/// <remarks>The display is written over, not cleared, when a line goes above it; without erasing it first, its longer lines would show behind the text.</remarks>
internal sealed class StandingLine(string text, Style style) : IRenderable
{
    private const string EraseBelow = "\u001b[J";
    private readonly Paragraph _text = new(text + "\n", style);

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => ((IRenderable)_text).Measure(options, maxWidth);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [Segment.Control(EraseBelow), .. ((IRenderable)_text).Render(options, maxWidth)];
}
