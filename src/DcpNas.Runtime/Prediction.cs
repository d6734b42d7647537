namespace DcpNas.Runtime;

/// <summary>One class with its probability.</summary>
/// <param name="Class">The index of the logit.</param>
/// <param name="Label">The name of the class; the index in digits where the model names none.</param>
/// <param name="Probability">Softmax of the logits, 0 to 1; NaN where a logit is NaN.</param>
public readonly record struct Prediction(int Class, string Label, float Probability);
