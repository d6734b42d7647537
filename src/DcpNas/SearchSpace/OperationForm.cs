namespace DcpNas.SearchSpace;

/// <summary>What an operation computes. Supernet, final network, cost and export each translate a form into layers of their own.</summary>
/// <remarks>Operations of one form differ by numbers alone, so that another one of them is a row of <see cref="OperationTable"/> and nothing else.</remarks>
public abstract record OperationForm
{
    private OperationForm()
    {
    }

    /// <summary>Whether the operation holds weights of convolutions where it does not halve the resolution.</summary>
    public bool HasWeights => this is Separable;

    /// <summary>Contributes zero.</summary>
    public sealed record Zero : OperationForm;

    /// <summary>The identity; a factorised reduce where the edge is strided.</summary>
    public sealed record Identity : OperationForm;

    /// <summary>3x3 pooling, followed by batch normalisation.</summary>
    /// <param name="IsMaximum">The maximum, or the average without the padding.</param>
    public sealed record Pool(bool IsMaximum) : OperationForm;

    /// <summary>Blocks of a depthwise and a pointwise convolution; the first is strided where the edge is.</summary>
    /// <param name="Kernel">Rows and columns of the depthwise kernel, odd.</param>
    /// <param name="Dilation">Its dilation.</param>
    /// <param name="Blocks">How many follow each other.</param>
    public sealed record Separable(int Kernel, int Dilation, int Blocks) : OperationForm;
}
