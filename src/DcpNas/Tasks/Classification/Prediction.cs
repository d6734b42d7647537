namespace DcpNas.Tasks.Classification;

/// <summary>What a classifier said about one image.</summary>
/// <param name="Label">The true class.</param>
/// <param name="Predicted">The class of the largest logit.</param>
/// <param name="Confidence">The probability of that class, softmax, in (0, 1].</param>
public readonly record struct Prediction(int Label, int Predicted, double Confidence)
{
    /// <summary>Whether it is right.</summary>
    public bool IsRight => Label == Predicted;
}
