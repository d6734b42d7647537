using System.Text.Json.Nodes;

namespace DcpNas.Training;

/// <summary>Where a training stands, and what its current epoch has seen so far. Part of every checkpoint.</summary>
public sealed class TrainProgress
{
    /// <summary>The epoch that runs or comes next, over all stages.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps of that epoch that are done.</summary>
    public int Step { get; set; }

    /// <summary>Steps since the start.</summary>
    public long GlobalStep { get; set; }

    /// <summary>The best value of the primary metric on validation images in this stage; below 0 before the first.</summary>
    public double Best { get; set; } = -1;

    /// <summary>The loss on them then, which decides between equal values; null where the task measures none.</summary>
    public double? BestLoss { get; set; }

    /// <summary>The epoch after which it was measured.</summary>
    public int BestEpoch { get; set; } = -1;

    /// <summary>The factor on the loss with fp16.</summary>
    public double LossScale { get; set; } = 65536;

    /// <summary>Steps since the factor last changed.</summary>
    public int LossScaleSteps { get; set; }

    /// <summary>Sums over the steps of the current epoch.</summary>
    public TrainTotals Totals { get; set; } = new();

    /// <summary>As JSON, numbers exact.</summary>
    public JsonObject ToJson() => OptionsJson.Write(this);

    /// <summary>From the JSON of a checkpoint.</summary>
    /// <exception cref="InputException">A key is unknown, or a value is of the wrong kind.</exception>
    internal static TrainProgress FromJson(JsonPart part) => part.As<TrainProgress>();
}
