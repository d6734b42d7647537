using DcpNas.Cost;
using DcpNas.Runtime;
using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Export;

/// <summary>Settings of one export. Immutable.</summary>
public sealed record ExportOptions
{
    /// <summary>A run folder (its best model) or a checkpoint of a trained network.</summary>
    [Option("Run folder of a training (its best model) or a checkpoint")]
    public required string Model { get; init; }

    /// <summary>The file to write; its folder must exist.</summary>
    [Option("File to write")]
    public required string Out { get; init; }

    /// <summary>Packed or Onnx.</summary>
    [Option("packed for the 1-bit runtime, or onnx")]
    public ExportFormat Format { get; init; } = ExportFormat.Packed;

    /// <summary>Images of the proof; read by Packed alone.</summary>
    [Option("Images that prove a packed model", Min = 1)]
    public int Images { get; init; } = 256;

    /// <summary>Whether a packed model gets its fast mode, found on the first half of the images and measured on the rest; it takes at least 2.</summary>
    [Option("Give a packed model its fast mode: ranges from the first half of the images, agreement from the rest")]
    public bool Fast { get; init; } = true;

    /// <summary>Whether a packed model gets its integer mode, made from the first half of the images and measured on the rest; it takes at least 2.</summary>
    [Option("Give a packed model its integer mode, for processors without floating point: integers from the first half of the images, agreement from the rest")]
    public bool IntegerMode { get; init; }

    /// <summary>Bits of the numbers that layers hand on to each other in the integer mode: 16 or 8.</summary>
    [Option("Bits of the numbers between the layers of the integer mode, shortcuts above all: 16; or 8, which takes less RAM in generated C and is less exact")]
    public int Shortcuts { get; init; } = ChipTarget.DefaultShortcuts;

    /// <summary>Whether a packed model is written in its smaller form for shipping: short names of nodes, no genotype, no description of the network, no cost.</summary>
    [Option("Write a packed model for shipping: short names of nodes, no genotype, network or cost; the same bits of results")]
    public bool Compact { get; init; }

    /// <summary>Whose test images prove the export; null: the validation images of the run that the checkpoint lies in.</summary>
    [Option("Data set whose test images prove it", None = "the validation images of the run")]
    public string? Dataset { get; init; }

    /// <summary>Folder of the data set; null: as the run had it, else the environment variable DCPNAS_DATA, then .data.</summary>
    [Option("Folder of the data set", None = "that of the run")]
    public string? Data { get; init; }

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. Check(Model.Length > 0, "the model must be a run folder or a checkpoint, got an empty name."),
        .. Check(Out.Length > 0 && !Directory.Exists(Out), $"out must name a file, got '{Out}'."),
        .. Check(!Compact || Format == ExportFormat.Packed, "compact is a form of packed models; leave it out for ONNX."),
        .. Check(!IntegerMode || Format == ExportFormat.Packed, "integer is a mode of packed models; leave it out for ONNX."),
        .. ChipTarget.Problems(Shortcuts),
        .. Check(Shortcuts == ChipTarget.DefaultShortcuts || IntegerMode, "shortcuts of 8 bits belong to the integer mode; add --integer."),
        .. Check(!IntegerMode || Images >= 2, $"images must be at least 2 for the integer mode, which is made from one half and measured on the other, got {Images}."),
        .. OptionDeclaration.Problems(this),
    ];

    /// <summary>The modes that a packed model is to have besides the exact one.</summary>
    /// <param name="images">Images that there are.</param>
    /// <exception cref="InputException">There are too few.</exception>
    internal IEnumerable<NumericMode> Modes(int images) => IntegerMode && images < 2
        ? throw new InputException($"The integer mode takes at least 2 images, got {images}. Name a larger data set with --dataset, or leave out --integer.")
        : [.. Fast ? [NumericMode.Fast] : Array.Empty<NumericMode>(), .. IntegerMode ? [NumericMode.Integer] : Array.Empty<NumericMode>()];
}
