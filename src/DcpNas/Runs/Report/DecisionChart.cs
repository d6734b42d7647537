using System.Globalization;
using DcpNas.SearchSpace;

namespace DcpNas.Runs.Report;

/// <summary>How clearly each edge of a cell is decided, as self-contained SVG: the probability of the winner as a bar, that of the runner-up as a mark on it.</summary>
/// <remarks>The axis runs from 0 to 1 whatever the values are, so that a search that has decided nothing looks like one.</remarks>
public sealed record DecisionChart
{
    private const double RowHeight = 22;
    private const double Left = 52;
    private const double BarWidth = 250;
    private const double Top = 52;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>The edges, from top to bottom.</summary>
    public required IReadOnlyList<DecisionBar> Edges { get; init; }

    /// <summary>Width in units of the drawing.</summary>
    public double Width { get; init; } = 560;

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        if (Edges.Count == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(Width, 60, Title);
        }

        svg.Text(0, 31, "bar: the winner; mark: the next operation; pale: not kept; dashed: uniform and twice that", "class=\"s\"");
        var bottom = Top + (Edges.Count * RowHeight);
        foreach (var share in (double[])[0, 0.25, 0.5, 0.75, 1])
        {
            svg.Add($"<path class=\"g\" d=\"M{X(share)} {Top}V{bottom}\"/>");
            svg.Text(X(share), bottom + 15, Percent(share, "0"), "class=\"m s\"");
        }

        for (var row = 0; row < Edges.Count; row++)
        {
            Draw(svg, Edges[row], Top + (row * RowHeight));
        }

        var uniform = 1.0 / OperationNames.All.Count;
        foreach (var share in (double[])[uniform, 2 * uniform])
        {
            svg.Add($"<path class=\"a\" stroke-dasharray=\"3 3\" d=\"M{X(share)} {Top - 4}V{bottom}\"/>");
        }

        svg.Text(X(uniform), Top - 8, Percent(uniform, "0.0"), "class=\"m s\"");
        return svg.Document(Width, bottom + 22, Title);
    }

    private static void Draw(SvgBuilder svg, DecisionBar edge, double top)
    {
        var middle = top + (RowHeight / 2) + 4;
        var tip = $"{edge.Edge}: {edge.Winner} {Percent(edge.Probability, "0.00")}, then {edge.RunnerUp} {Percent(edge.RunnerUpProbability, "0.00")}"
            + (edge.Chosen is null ? "; not kept" : edge.Chosen == edge.Winner ? "; kept" : $"; kept as {edge.Chosen}");
        svg.Text(Left - 8, middle, edge.Edge, edge.Chosen is null ? "class=\"e\"" : "class=\"e v\"");
        svg.Add($"<rect x=\"{Left}\" y=\"{top + 4}\" width=\"{X(edge.Probability) - Left}\" height=\"{RowHeight - 8}\" fill=\"{ChartStyle.OfOperation(edge.Winner)}\" fill-opacity=\"{(edge.Chosen is null ? "0.35" : "1")}\"><title>{SvgBuilder.Escape(tip)}</title></rect>");
        svg.Add($"<path class=\"k\" d=\"M{X(edge.RunnerUpProbability)} {top + 2}V{top + RowHeight - 2}\"><title>{SvgBuilder.Escape(tip)}</title></path>");
        svg.Text(Left + BarWidth + 12, middle, $"{edge.Winner} {Percent(edge.Probability, "0.0")}, +{Percent(edge.Probability - edge.RunnerUpProbability, "0.0")}{(edge.IsDecided ? " decided" : "")}",
            edge.Chosen is null ? "class=\"s\"" : "class=\"s v\"");
    }

    private static double X(double share) => Left + (Math.Clamp(double.IsFinite(share) ? share : 0, 0, 1) * BarWidth);

    private static string Percent(double share, string format) => string.Create(CultureInfo.InvariantCulture, $"{(share * 100).ToString(format, CultureInfo.InvariantCulture)} %");
}

/// <summary>An edge in a <see cref="DecisionChart"/>.</summary>
/// <param name="Edge">The states that it joins: <c>0 → 2</c>.</param>
/// <param name="Winner">The operation that leads.</param>
/// <param name="Probability">Its share of softmax(alpha).</param>
/// <param name="RunnerUp">The next operation.</param>
/// <param name="RunnerUpProbability">Its share.</param>
/// <param name="Chosen">The operation that the genotype holds there, or null where it does not keep the edge.</param>
/// <param name="IsDecided">Whether the winner leads clearly.</param>
public sealed record DecisionBar(string Edge, string Winner, double Probability, string RunnerUp, double RunnerUpProbability, string? Chosen, bool IsDecided);
