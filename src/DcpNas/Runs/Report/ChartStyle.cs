using DcpNas.SearchSpace;

namespace DcpNas.Runs.Report;

/// <summary>Colours and style sheet of all charts; every colour reads on a light and on a dark page.</summary>
public static class ChartStyle
{
    private static readonly Dictionary<string, string> OperationColours = OperationTable.All.ToDictionary(operation => operation.Name, operation => operation.Colour, StringComparer.Ordinal);

    /// <summary>Colours for series, in the order in which they are given out.</summary>
    public static IReadOnlyList<string> Palette { get; } =
        ["#3b82f6", "#e8690b", "#22a55b", "#a267f0", "#c99700", "#e0559b", "#0ea5b7", "#8a94a0"];

    /// <summary>The style sheet that charts need; a page includes it once.</summary>
    public const string Sheet = """
        svg.chart{--ink:#57606a;--strong:#1f2328;--grid:#dfe4e9;--band-a:#3b82f614;--band-b:#e8690b17;--band-c:#8a94a01c;font:12px system-ui,'Segoe UI','DejaVu Sans',sans-serif}
        @media (prefers-color-scheme:dark){svg.chart{--ink:#9da7b3;--strong:#e6edf3;--grid:#30363d;--band-a:#3b82f61c;--band-b:#e8690b1c;--band-c:#8a94a01c}}
        svg.chart text{fill:var(--ink)}
        svg.chart .t{fill:var(--strong);font-weight:600;font-size:13px}
        svg.chart .s{font-size:11px}
        svg.chart .v{fill:var(--strong);font-variant-numeric:tabular-nums}
        svg.chart .g{stroke:var(--grid);stroke-width:1;fill:none}
        svg.chart .a{stroke:var(--ink);stroke-width:1;fill:none}
        svg.chart .l{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
        svg.chart .e{text-anchor:end}
        svg.chart .m{text-anchor:middle}
        svg.chart .k{fill:none;stroke:var(--strong);stroke-width:2}
        """;

    /// <summary>The colour of an operation, the same in every chart; grey for a name that is not in the search space.</summary>
    public static string OfOperation(string name) => OperationColours.GetValueOrDefault(name, Palette[^1]);

    /// <summary>A chart as a file of its own.</summary>
    public static string Standalone(string svg)
    {
        ArgumentNullException.ThrowIfNull(svg);
        var open = svg.IndexOf('>', StringComparison.Ordinal) + 1;
        return $"{svg[..open]}<style>{Sheet}</style>{svg[open..]}\n";
    }
}
