namespace DcpNas.Evaluation;

/// <summary>Which trained network is to write features of which images. Immutable.</summary>
public sealed record FeatureOptions : SplitEvaluationOptions;
