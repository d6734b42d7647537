namespace DcpNas.Binarization;

/// <summary>What stands in for the derivative of sign in the backward pass.</summary>
public enum SignEstimator
{
    /// <summary>1 where |x| &lt;= 1, else 0: DCP-NAS (4.35), after BNN, arXiv:1602.02830. For weights.</summary>
    StraightThrough,

    /// <summary>2 - 2|x| where |x| &lt; 1, else 0: Bi-Real-Net, arXiv:1808.00278. For activations.</summary>
    BiReal,
}
