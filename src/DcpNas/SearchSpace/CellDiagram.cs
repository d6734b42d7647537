using System.Security;
using System.Text;

namespace DcpNas.SearchSpace;

/// <summary>Draws cells as self-contained SVG pictures, legible on light and on dark backgrounds.</summary>
/// <remarks>
/// A staircase: each of the six nodes has a row, which its value runs along to the right; the computed nodes stand one column apart. An
/// operation leaves the row of its input, passes its label and goes down into its node; what reaches the right end is concatenated. Labels stand
/// in the free band under the row of their input, at most one per row and column, so nothing can overlap, whatever the genotype.
/// All text stands on filled shapes or in a grey of equal contrast (4.5 : 1) against white and black, so the background may be either.
/// </remarks>
public static class CellDiagram
{
    private const int Left = 20;
    private const int Top = 62;
    private const int RowHeight = 66;
    private const int NodeWidth = 58;
    private const int NodeHeight = 34;
    private const int LabelWidth = 116;
    private const int LabelHeight = 24;
    private const int LabelDrop = 33; // from a row to the middle of the labels below it
    private const int ColumnWidth = 238;
    private const int FirstColumn = Left + NodeWidth + 26;
    private const int Corner = 9;
    private const int OutputX = FirstColumn + (CellTopology.NodeCount * ColumnWidth) + 22;
    private const int Width = OutputX + NodeWidth + Left;
    private const int Height = Top + ((CellTopology.PlaceCount - 1) * RowHeight) + (NodeHeight / 2) + 26;

    private const string Grey = "#767676";

    /// <summary>A picture of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="title">Its caption, also the accessible name; any text.</param>
    public static string Svg(CellGenotype cell, string title)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(title);
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" """
            + """font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="14">""");
        Add(svg, $"""<title>{Escape(title)}</title>""");
        Add(svg, $"""<desc>{Escape(cell.ToString())}</desc>""");
        Add(svg, """<defs>""");
        foreach (var colour in new[] { Grey }.Concat(GenotypeRules.Operations.Select(Colour).Distinct()))
        {
            Add(svg, $"""<marker id="{MarkerId(colour)}" viewBox="0 0 8 8" refX="7.2" refY="4" markerWidth="8" markerHeight="8" """
                + $"""markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.4 L8,4 L0,7.6 Z" fill="{colour}"/></marker>""");
        }

        Add(svg, """</defs>""");
        Add(svg, $"""<text x="{Left}" y="28" font-size="16" font-weight="600" fill="{Grey}">{Escape(title)}</text>""");
        AddRows(svg, cell);
        foreach (var (node, _, edge) in cell.Edges())
        {
            AddEdge(svg, node, edge, isUpper: edge == cell.Nodes[node - CellTopology.InputCount][0]);
        }

        AddNodes(svg, cell);
        Add(svg, "</svg>");
        return svg.ToString();
    }

    /// <summary>The lines along which values run: to the last operation that reads them, or to the output.</summary>
    private static void AddRows(StringBuilder svg, CellGenotype cell)
    {
        for (var node = 0; node < CellTopology.PlaceCount; node++)
        {
            var start = NodeX(node) + NodeWidth;
            if (node >= CellTopology.InputCount)
            {
                Add(svg, $"""<path d="M{start},{RowY(node)} H{OutputX}" fill="none" stroke="{Grey}" stroke-width="1.6" marker-end="url(#{MarkerId(Grey)})"/>""");
                continue;
            }

            var last = cell.Edges().Where(edge => edge.Edge.Input == node).Select(edge => edge.Node).DefaultIfEmpty(-1).Max();
            if (last >= 0)
            {
                Add(svg, $"""<path d="M{start},{RowY(node)} H{BranchX(last)}" fill="none" stroke="{Grey}" stroke-width="1.6"/>""");
            }
        }
    }

    /// <summary>One operation: from the row of its input through its label down into its node.</summary>
    private static void AddEdge(StringBuilder svg, int node, GenotypeEdge edge, bool isUpper)
    {
        var colour = Colour(edge.Operation);
        var (branch, row, middle, label) = (BranchX(node), RowY(edge.Input), RowY(edge.Input) + LabelDrop, BranchX(node) + 20);
        var down = NodeX(node) + (NodeWidth / 2) + (isUpper ? 12 : -12); // the upper edge passes the lower one on the right
        var end = RowY(node) - (NodeHeight / 2);
        Add(svg, $"""<g stroke="{colour}" fill="none" stroke-width="2">""");
        Add(svg, $"""<path d="M{branch},{row} V{middle - Corner} Q{branch},{middle} {branch + Corner},{middle} H{label}"/>""");
        Add(svg, $"""<path d="M{label + LabelWidth},{middle} H{down - Corner} Q{down},{middle} {down},{middle + Corner} V{end}" marker-end="url(#{MarkerId(colour)})"/>""");
        Add(svg, $"""<circle cx="{branch}" cy="{row}" r="3.5" fill="{colour}" stroke="none"/>""");
        Add(svg, "</g>");
        Add(svg, $"""<rect x="{label}" y="{middle - (LabelHeight / 2)}" width="{LabelWidth}" height="{LabelHeight}" rx="{LabelHeight / 2}" fill="{colour}"/>""");
        AddText(svg, label + (LabelWidth / 2), middle, edge.Operation, """ font-size="13" """);
    }

    private static void AddNodes(StringBuilder svg, CellGenotype cell)
    {
        for (var node = 0; node < CellTopology.PlaceCount; node++)
        {
            var isRead = node >= CellTopology.InputCount || cell.Edges().Any(edge => edge.Edge.Input == node);
            AddBox(svg, NodeX(node), RowY(node) - (NodeHeight / 2), NodeHeight, isRead ? "" : """ opacity="0.45" """);
            AddText(svg, NodeX(node) + (NodeWidth / 2), RowY(node), NodeLabel(node), "");
        }

        var top = RowY(CellTopology.InputCount) - (NodeHeight / 2);
        AddBox(svg, OutputX, top, RowY(CellTopology.PlaceCount - 1) + (NodeHeight / 2) - top, "");
        var middle = (RowY(CellTopology.InputCount) + RowY(CellTopology.PlaceCount - 1)) / 2;
        AddText(svg, OutputX + (NodeWidth / 2), middle - 9, Subscripted("k"), "");
        AddText(svg, OutputX + (NodeWidth / 2), middle + 11, "concat", """ font-size="12" """);
    }

    private static void AddBox(StringBuilder svg, int x, int y, int height, string attributes) =>
        Add(svg, $"""<rect x="{x}" y="{y}" width="{NodeWidth}" height="{height}" rx="7" fill="#3d4450" stroke="#8b949e"{attributes}/>""");

    /// <summary>White text whose middle is at a point.</summary>
    private static void AddText(StringBuilder svg, int x, int y, string content, string attributes) =>
        Add(svg, $"""<text x="{x}" y="{y + 4.5}" text-anchor="middle" fill="#ffffff"{attributes}>{content}</text>""");

    private static string NodeLabel(int node) => node switch
    {
        0 => Subscripted("k\u22122"),
        1 => Subscripted("k\u22121"),
        _ => $"{node}",
    };

    private static string Subscripted(string index) => $"""c<tspan font-size="11" dy="4">{index}</tspan>""";

    private static int RowY(int node) => Top + (node * RowHeight);

    private static int NodeX(int node) => node < CellTopology.InputCount ? Left : BranchX(node) + ColumnWidth - NodeWidth - 8;

    /// <summary>Where operations into a node leave the rows of their inputs.</summary>
    private static int BranchX(int node) => FirstColumn + ((node - CellTopology.InputCount) * ColumnWidth);

    /// <summary>One colour per form of operations; white text on it has a contrast of at least 4.5 : 1.</summary>
    private static string Colour(string operation) => OperationTable.Of(operation).Form switch
    {
        OperationForm.Identity => "#0b7a6b",
        OperationForm.Pool => "#b45309",
        OperationForm.Separable { Dilation: 1 } => "#2563eb",
        OperationForm.Separable => "#9333ea",
        _ => throw new InvalidOperationException($"Bug in DcpNas: operation '{operation}' has no colour."),
    };

    private static string MarkerId(string colour) => $"arrow-{colour[1..]}";

    private static string Escape(string text) => SecurityElement.Escape(new string([.. text.Where(System.Xml.XmlConvert.IsXmlChar)]));

    private static void Add(StringBuilder svg, string line) => svg.Append(line).Append('\n');
}
