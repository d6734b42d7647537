namespace DcpNas.Foundation;

/// <summary>How weights are stepped.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW (0.9, 0.999): weight decay apart from the gradient, arXiv:1711.05101.</summary>
    Adamw,

    /// <summary>SGD with momentum.</summary>
    Sgd,
}
