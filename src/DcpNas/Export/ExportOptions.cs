namespace DcpNas.Export;

/// <summary>Settings of one export. Immutable.</summary>
public sealed record ExportOptions
{
    /// <summary>A run folder (its best model) or a checkpoint of a trained network.</summary>
    public required string Model { get; init; }

    /// <summary>The file to write; its folder must exist.</summary>
    public required string Out { get; init; }

    /// <summary>Packed or Onnx. Default Packed.</summary>
    public ExportFormat Format { get; init; } = ExportFormat.Packed;

    /// <summary>Images of the proof, at least 1; read by Packed alone. Default 256.</summary>
    public int Images { get; init; } = 256;

    /// <summary>Whether a packed model gets its fast mode, found on the first half of the images and measured on the rest; it takes at least 2. Default true.</summary>
    public bool Fast { get; init; } = true;

    /// <summary>Whether a packed model is written in its smaller form for shipping: short names of nodes, no genotype, no cost. Default false.</summary>
    public bool Compact { get; init; }

    /// <summary>Whose test images prove the export; null: the validation images of the run that the checkpoint lies in.</summary>
    public string? Dataset { get; init; }

    /// <summary>Folder of the data set; null: as the run had it, else the environment variable DCPNAS_DATA, then .data.</summary>
    public string? Data { get; init; }

    /// <summary>All faults, one sentence each; empty if there are none.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(Model.Length > 0, "the model must be a run folder or a checkpoint, got an empty name.");
        Check(Out.Length > 0 && !Directory.Exists(Out), $"out must name a file, got '{Out}'.");
        Check(!Compact || Format == ExportFormat.Packed, "compact is a form of packed models; leave it out for ONNX.");
        Check(Images >= 1, $"images must be at least 1, got {Images}.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
