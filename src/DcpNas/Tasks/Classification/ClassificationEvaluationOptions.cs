using DcpNas.Data;
using DcpNas.Evaluation;

namespace DcpNas.Tasks.Classification;

/// <summary>Which classifier is to be run over which images. Immutable.</summary>
[OptionMeaning(nameof(Dataset), "Data set", Names = typeof(DatasetNames), None = "that of the run")]
public sealed record ClassificationEvaluationOptions : SplitEvaluationOptions;
