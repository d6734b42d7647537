namespace DcpNas.SearchSpace;

/// <summary>One candidate of the search space.</summary>
/// <param name="Name">Stable identifier, written to genotypes; see <see cref="OperationNames"/>.</param>
/// <param name="ShortName">Its name in the text form of genotypes; stable, too.</param>
/// <param name="Colour">Its colour in charts: one hue per form, light for the small kernel, strong for the large one; legible on white and on black.</param>
/// <param name="Form">What it computes.</param>
public sealed record Operation(string Name, string ShortName, string Colour, OperationForm Form);

/// <summary>The search space, one row per candidate, in the order of the columns of alpha: DCP-NAS, after DARTS (arXiv:1806.09055).</summary>
public static class OperationTable
{
    /// <summary>All candidates; <c>none</c> is the first. Rows are only ever appended: checkpoints and genotypes refer to them.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        //  name                     short   colour     form
        new(OperationNames.None,     "none", "#9aa4af", new OperationForm.Zero()),
        new(OperationNames.Skip,     "skip", "#12a594", new OperationForm.Identity()),
        new(OperationNames.MaxPool,  "max",  "#c2600c", new OperationForm.Pool(IsMaximum: true)),
        new(OperationNames.AvgPool,  "avg",  "#f2b04c", new OperationForm.Pool(IsMaximum: false)),
        new(OperationNames.SepConv3, "sep3", "#7fb2ff", new OperationForm.Separable(Kernel: 3, Dilation: 1, Blocks: 2)),
        new(OperationNames.SepConv5, "sep5", "#2563eb", new OperationForm.Separable(Kernel: 5, Dilation: 1, Blocks: 2)),
        new(OperationNames.DilConv3, "dil3", "#cf9bff", new OperationForm.Separable(Kernel: 3, Dilation: 2, Blocks: 1)),
        new(OperationNames.DilConv5, "dil5", "#9333ea", new OperationForm.Separable(Kernel: 5, Dilation: 2, Blocks: 1)),
    ];

    /// <summary>The row of a name.</summary>
    /// <exception cref="KeyNotFoundException">No operation has that name; the message lists the known ones.</exception>
    public static Operation Of(string name) => All[OperationNames.IndexOf(name)];
}
