using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Tasks;

namespace DcpNas.Training;

/// <summary>What a training leaves.</summary>
/// <param name="Test">The best network on test images.</param>
/// <param name="Validation">The best network on validation images.</param>
/// <param name="Cost">What it costs.</param>
/// <param name="Results">What results.json says.</param>
/// <param name="ModelPath">The best model.</param>
/// <param name="ReportPath">The report.</param>
public sealed record TrainOutcome(TaskEvaluation Test, TaskEvaluation Validation, CostReport Cost, JsonObject Results, string ModelPath, string ReportPath);
