namespace DcpNas.Cost;

/// <summary>A table of text, ready to print.</summary>
/// <param name="Columns">The heads.</param>
/// <param name="Rows">One entry per column each.</param>
public sealed record CostTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
