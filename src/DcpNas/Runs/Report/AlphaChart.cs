using DcpNas.SearchSpace;

namespace DcpNas.Runs.Report;

/// <summary>softmax(alpha) over time: one small stacked-area panel per edge, as self-contained SVG.</summary>
/// <remarks>
/// Rows of panels are the intermediate nodes 2 to 5, columns their inputs 0 to 4, so the panels stand as the edges do in the cell; the free corner
/// holds the legend. Colours of operations are those of <see cref="ChartStyle.OfOperation"/> everywhere.
/// </remarks>
public sealed record AlphaChart
{
    private const int Columns = 5;
    private const int MaximumPoints = 50;
    private const double PanelWidth = 200;
    private const double PanelHeight = 84;
    private const double Gap = 18;
    private const double HeadHeight = 20;
    private const double Top = 30;

    /// <summary>What the chart shows.</summary>
    public required string Title { get; init; }

    /// <summary>Epochs, rising, with one row of probabilities per edge.</summary>
    public required IReadOnlyList<(double Epoch, double[][] Probabilities)> Snapshots { get; init; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Operations { get; init; } = OperationNames.All;

    /// <summary>Edges that the genotype keeps; they get a frame.</summary>
    public IReadOnlySet<int> Kept { get; init; } = new HashSet<int>();

    /// <summary>The SVG element.</summary>
    public string Render()
    {
        var svg = new SvgBuilder();
        svg.Text(0, 14, Title, "class=\"t\"");
        var shown = Thin(Snapshots.Where(snapshot =>
            snapshot.Probabilities.Length == Snapshots[^1].Probabilities.Length && snapshot.Probabilities.All(row => row.Length == Operations.Count)).ToList());
        var width = (Columns * (PanelWidth + Gap)) - Gap;
        if (shown.Count == 0)
        {
            return svg.Text(0, 36, "no data yet").Document(width, 60, Title);
        }

        var edgeCount = shown[^1].Probabilities.Length;
        var isCell = edgeCount == CellTopology.EdgeCount;
        for (var edge = 0; edge < edgeCount; edge++)
        {
            var (row, column, name) = isCell ? Place(edge) : (edge / Columns, edge % Columns, $"edge {edge}");
            DrawPanel(svg, shown, edge, name, column * (PanelWidth + Gap), Top + (row * (HeadHeight + PanelHeight + 10)));
        }

        var rows = isCell ? CellTopology.NodeCount : (edgeCount + Columns - 1) / Columns;
        var bottom = Top + (rows * (HeadHeight + PanelHeight + 10));
        svg.Text(0, bottom + 6, $"epoch {Units.Number(shown[0].Epoch)}", "class=\"s\"");
        svg.Text(PanelWidth, bottom + 6, $"{Units.Number(shown[^1].Epoch)}", "class=\"s e\"");
        if (isCell)
        {
            DrawLegend(svg, 3 * (PanelWidth + Gap), Top + 6, 2, 200);
            bottom += 12;
        }
        else
        {
            DrawLegend(svg, 0, bottom + 28, 4, 200);
            bottom += 24 + (((Operations.Count + 3) / 4) * 22);
        }

        return svg.Document(width, bottom, Title);
    }

    /// <summary>Row and column of an edge among the panels, and its name by the states that it joins.</summary>
    private static (int Row, int Column, string Name) Place(int edge)
    {
        var (node, input) = CellTopology.EndsOf(edge);
        return (node - CellTopology.InputCount, input, $"{input} → {node}");
    }

    private void DrawPanel(SvgBuilder svg, List<(double Epoch, double[][] Probabilities)> shown, int edge, string name, double left, double top)
    {
        var last = shown[^1].Probabilities[edge];
        var best = Array.IndexOf(last, last.Max());
        svg.Text(left, top + 14, name, "class=\"t\"");
        svg.Add($"<text class=\"s e\" x=\"{left + PanelWidth}\" y=\"{top + 14}\">{SvgBuilder.Escape(Operations[best])} <tspan class=\"v\">{SvgBuilder.Escape(Units.Number(Math.Round(last[best], 3)))}</tspan></text>");
        var (bottom, height) = (top + HeadHeight + PanelHeight, PanelHeight);
        var (from, to) = (shown[0].Epoch, shown[^1].Epoch);
        var floor = new double[shown.Count];
        for (var operation = 0; operation < Operations.Count; operation++)
        {
            var path = new SvgBuilder();
            var ceiling = shown.Select((snapshot, index) => floor[index] + Finite(snapshot.Probabilities[edge][operation])).ToArray();
            for (var index = 0; index < shown.Count; index++)
            {
                path.Add($"{(index == 0 ? "M" : "L")}{X(index)} {Y(ceiling[index])}");
            }

            if (shown.Count == 1)
            {
                path.Add($"H{left + PanelWidth}V{Y(floor[0])}");
            }

            for (var index = shown.Count - 1; index >= 0; index--)
            {
                path.Add($"L{X(index)} {Y(floor[index])}");
            }

            svg.Add($"<path d=\"{path.ToString()}Z\" fill=\"{ChartStyle.OfOperation(Operations[operation])}\"><title>{SvgBuilder.Escape($"{name}: {Operations[operation]} {Units.Number(Math.Round(last[operation], 3))}")}</title></path>");
            floor = ceiling;
        }

        if (Kept.Contains(edge))
        {
            svg.Add($"<rect class=\"k\" x=\"{left - 1}\" y=\"{bottom - height - 1}\" width=\"{PanelWidth + 2}\" height=\"{height + 2}\" rx=\"2\"/>");
        }

        double X(int index) => left + (to > from ? (shown[index].Epoch - from) / (to - from) * PanelWidth : 0);
        double Y(double share) => bottom - (Math.Clamp(share, 0, 1) * height);
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    private void DrawLegend(SvgBuilder svg, double left, double top, int columns, double columnWidth)
    {
        for (var index = 0; index < Operations.Count; index++)
        {
            double x = left + (index % columns * columnWidth), y = top + (index / columns * 22);
            svg.Add($"<rect x=\"{x}\" y=\"{y}\" width=\"13\" height=\"13\" rx=\"2\" fill=\"{ChartStyle.OfOperation(Operations[index])}\"/>");
            svg.Text(x + 20, y + 11, Operations[index]);
        }

        if (Kept.Count > 0)
        {
            var y = top + ((Operations.Count + columns - 1) / columns * 22);
            svg.Add($"<rect class=\"k\" x=\"{left + 1}\" y=\"{y + 1}\" width=\"11\" height=\"11\" rx=\"2\"/>");
            svg.Text(left + 20, y + 11, "kept by the genotype");
        }
    }

    private static List<(double Epoch, double[][] Probabilities)> Thin(List<(double Epoch, double[][] Probabilities)> all)
    {
        if (all.Count <= MaximumPoints)
        {
            return all;
        }

        return [.. Enumerable.Range(0, MaximumPoints).Select(index => all[(int)((long)index * (all.Count - 1) / (MaximumPoints - 1))])];
    }
}
