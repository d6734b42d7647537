using DcpNas.Data.Detection;

namespace DcpNas.Assessment;

/// <summary>Which trained detector is to be judged on which images. Immutable.</summary>
public sealed record DetectionEvaluationOptions
{
    /// <summary>The folder of a training run, or a checkpoint.</summary>
    public required string Model { get; init; }

    /// <summary>A name of <see cref="DetectionDatasetNames"/>; null: that of the run that the checkpoint lies in.</summary>
    public string? Dataset { get; init; }

    /// <summary>Folder of the data set; null: that of the run, then environment variable DCPNAS_DATA, then .data.</summary>
    public string? Data { get; init; }

    /// <summary>test or valid. Default test.</summary>
    public string Split { get; init; } = EvaluationOptions.Test;

    /// <summary>Images used, the first ones; null: as many as the run, which is all unless it says otherwise.</summary>
    public int? Images { get; init; }

    /// <summary>Images per batch, at least 1; changes no result but by rounding. Default 16.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>cpu, cuda, cuda:N or auto. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch; 0 = all cores. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Dataset is null || DetectionDatasetNames.All.Contains(Dataset), $"dataset must be one of {string.Join(", ", DetectionDatasetNames.All)}, got '{Dataset}'.");
        Check(Split is EvaluationOptions.Test or EvaluationOptions.Valid, $"split must be {EvaluationOptions.Test} or {EvaluationOptions.Valid}, got '{Split}'.");
        Check(Images is null or >= 1, $"images must be at least 1, got {Images}.");
        Check(BatchSize >= 1, $"batch_size must be at least 1, got {BatchSize}.");
        Check(Threads >= 0, $"threads must be at least 0, got {Threads}.");
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
