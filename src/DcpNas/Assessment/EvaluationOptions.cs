using DcpNas.Data;

namespace DcpNas.Assessment;

/// <summary>Which trained network is to be run over which images. Immutable.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The name of the split that judges: test images; of an image folder, those of <c>val</c>.</summary>
    public const string Test = "test";

    /// <summary>The name of the split that was held out of the training images to select the network.</summary>
    public const string Valid = "valid";

    /// <summary>The folder of a training run, or a checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>A name of <see cref="DatasetNames"/>; null: that of the run that the checkpoint lies in.</summary>
    public string? Dataset { get; init; }

    /// <summary>Folder of the data set; null: that of the run, then environment variable DCPNAS_DATA, then .data.</summary>
    public string? Data { get; init; }

    /// <summary>test or valid. Default test.</summary>
    public string Split { get; init; } = Test;

    /// <summary>Images used, the same share of every class; null: as many as the run, which is all unless it says otherwise.</summary>
    public int? Images { get; init; }

    /// <summary>Images per batch, at least 1; changes no result but by rounding. Default 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>cpu, cuda, cuda:N or auto. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch; 0 = all cores. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that prepare batches, 0 to 64; does not change results. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Dataset is null || DatasetNames.All.Contains(Dataset), $"dataset must be one of {string.Join(", ", DatasetNames.All)}, got '{Dataset}'.");
        Check(Split is Test or Valid, $"split must be {Test} or {Valid}, got '{Split}'.");
        Check(Images is null or >= 1, $"images must be at least 1, got {Images}.");
        Check(BatchSize >= 1, $"batch_size must be at least 1, got {BatchSize}.");
        Check(Threads >= 0, $"threads must be at least 0, got {Threads}.");
        Check(Workers is >= 0 and <= 64, $"workers must be from 0 to 64, got {Workers}.");
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
