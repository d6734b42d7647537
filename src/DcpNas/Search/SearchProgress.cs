using System.Text.Json;
using System.Text.Json.Nodes;

namespace DcpNas.Search;

/// <summary>Where a search stands, and what its current epoch has seen so far. Part of every checkpoint.</summary>
public sealed class SearchProgress
{
    /// <summary>The epoch that runs or comes next.</summary>
    public int Epoch { get; set; }

    /// <summary>Steps of that epoch that are done.</summary>
    public int Step { get; set; }

    /// <summary>Steps since the start of the search.</summary>
    public long GlobalStep { get; set; }

    /// <summary>Roll-backs so far.</summary>
    public int Rollbacks { get; set; }

    /// <summary>How the normal cell was judged after the last epoch of alpha.</summary>
    public CellJudgement NormalCell { get; set; } = CellJudgement.Start;

    /// <summary>Likewise the reduction cell.</summary>
    public CellJudgement ReductionCell { get; set; } = CellJudgement.Start;

    /// <summary>The last epoch after which both cells were healthy; null before the first.</summary>
    public int? HealthyEpoch { get; set; }

    /// <summary>Whether the guard ended the search early.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Sums over the steps of the current epoch.</summary>
    public EpochTotals Totals { get; set; } = new();

    /// <summary>As JSON, numbers exact.</summary>
    public JsonObject ToJson() => (JsonObject)JsonSerializer.SerializeToNode(this, OptionsJson.Format)!;

    /// <summary>From the JSON of a checkpoint.</summary>
    /// <exception cref="InputException">A key is unknown, or a value is of the wrong kind.</exception>
    internal static SearchProgress FromJson(JsonPart part) => part.As<SearchProgress>();
}

/// <summary>Sums over the steps of one epoch.</summary>
public sealed class EpochTotals
{
    /// <summary>Steps of the weights.</summary>
    public int Steps { get; set; }

    /// <summary>Images seen by them.</summary>
    public long Images { get; set; }

    /// <summary>Of these, classified right by the supernet.</summary>
    public long Correct { get; set; }

    /// <summary>Sum of their losses.</summary>
    public double Loss { get; set; }

    /// <summary>Sum of L_R; null where it is not part of the loss.</summary>
    public double? Reconstruction { get; set; }

    /// <summary>Steps of alpha.</summary>
    public int ArchitectureSteps { get; set; }

    /// <summary>Sum of the losses of these.</summary>
    public double ArchitectureLoss { get; set; }

    /// <summary>Sum of D; null where the tangents take no part.</summary>
    public double? Discrepancy { get; set; }

    /// <summary>Sum of the cosine of g_P and g_C; null likewise.</summary>
    public double? Cosine { get; set; }

    /// <summary>Sum of the tangent term's share of the step; null likewise.</summary>
    public double? TangentShare { get; set; }

    /// <summary>Sum of the cosine of the step with and without the tangent term; null likewise.</summary>
    public double? StepCosine { get; set; }

    /// <summary>Seconds that the steps took.</summary>
    public double Seconds { get; set; }

    /// <summary>Seconds that they waited for their batches.</summary>
    public double WaitSeconds { get; set; }

    /// <summary>Adds one step.</summary>
    public void Add(SearchStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Steps++;
        Images += step.Images;
        Correct += step.Weights.Correct;
        Loss += step.Weights.Loss;
        Reconstruction = Sum(Reconstruction, step.Weights.Reconstruction);
        Seconds += step.WeightSeconds + step.ArchitectureSeconds;
        WaitSeconds += step.WaitSeconds;
        if (step.Architecture is { } alpha)
        {
            ArchitectureSteps++;
            ArchitectureLoss += alpha.Loss;
            Discrepancy = Sum(Discrepancy, alpha.Gradient?.Discrepancy);
            Cosine = Sum(Cosine, alpha.Gradient?.Cosine);
            TangentShare = Sum(TangentShare, alpha.Gradient?.Tangent?.Share);
            StepCosine = Sum(StepCosine, alpha.Gradient?.Tangent?.StepCosine);
        }

        static double? Sum(double? sum, double? value) => value is null ? sum : (sum ?? 0) + value;
    }
}

/// <summary>What one step of the loop did.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Step">Step in the epoch, from 0.</param>
/// <param name="GlobalStep">Step in the search, from 0.</param>
/// <param name="Images">Images of the weight batch.</param>
/// <param name="Weights">The step of the weights.</param>
/// <param name="Architecture">The step of alpha, if there was one.</param>
/// <param name="WeightSeconds">Wall time of the step of the weights.</param>
/// <param name="ArchitectureSeconds">Wall time of the step of alpha.</param>
/// <param name="WaitSeconds">Wall time that it waited for its batches.</param>
public sealed record SearchStep(
    SearchEpoch Epoch, int Step, long GlobalStep, long Images, StepResult Weights, StepResult? Architecture, double WeightSeconds, double ArchitectureSeconds,
    double WaitSeconds);
