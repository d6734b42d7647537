namespace DcpNas.Binarization;

/// <summary>Where the scale beta of a 1-bit convolution comes from.</summary>
public enum ScaleKind
{
    /// <summary>A parameter per output channel, <c>beta = softplus(rho) &gt; 0</c>, initialised to the mean of |w|.</summary>
    Learnable,

    /// <summary>The mean of |w| per output channel, a constant of the step: XNOR-Net, arXiv:1603.05279.</summary>
    MeanAbs,
}
