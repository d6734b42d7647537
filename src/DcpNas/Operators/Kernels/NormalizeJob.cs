namespace DcpNas.Operators.Kernels;

/// <summary>Addresses and sizes of a fused normalisation; per-channel values are laid out along the period.</summary>
internal unsafe struct NormalizeJob
{
    /// <summary>Input of the normalisation.</summary>
    public float* X;

    /// <summary>What is added after it, or null.</summary>
    public float* Shortcut;

    /// <summary>Output of the forward pass.</summary>
    public float* Y;

    /// <summary>Gradient to the output.</summary>
    public float* G;

    /// <summary>Gradient to the normalised value (and so to the shortcut), or null: written by the first backward pass, read by the second instead of computed again.</summary>
    public float* Inner;

    /// <summary>Gradient to the input.</summary>
    public float* InputGradient;

    /// <summary>Mean, scale = weight / sqrt(var + eps), bias, slope, and the two constants of the backward pass.</summary>
    public float* Mean;
    public float* Scale;
    public float* Bias;
    public float* Slope;
    public float* Constant;
    public float* Along;

    /// <summary>Partial sums <c>[3, chunks, period]</c>: of the inner gradient, of it times (x - mean), of the slope's gradient.</summary>
    public float* Sums;

    public long Elements;
    public int Period;
    public int Count;
}
