using DcpNas.Binarization;

namespace DcpNas.Operators.Kernels;

/// <summary>The three passes of one form of <see cref="NormalizeKernel{TShortcut, TPRelu, TSign, TLanes}"/>.</summary>
internal readonly unsafe struct NormalizeForms
{
    public readonly delegate*<void*, int, void> Forward;
    public readonly delegate*<void*, int, void> Sum;
    public readonly delegate*<void*, int, void> Spread;
    public readonly delegate*<NormalizeJob*, long, long, void> ForwardRange;
    public readonly delegate*<NormalizeJob*, int, long, long, void> SumRange;

    private NormalizeForms(
        delegate*<void*, int, void> forward,
        delegate*<void*, int, void> sum,
        delegate*<void*, int, void> spread,
        delegate*<NormalizeJob*, long, long, void> forwardRange,
        delegate*<NormalizeJob*, int, long, long, void> sumRange)
    {
        ForwardRange = forwardRange;
        SumRange = sumRange;
        Forward = forward;
        Sum = sum;
        Spread = spread;
    }

    /// <summary>The form with these parts.</summary>
    /// <param name="shortcut">Whether something is added.</param>
    /// <param name="prelu">Whether a PReLU follows.</param>
    /// <param name="sign">The surrogate gradient of a sign that follows last, or null for none.</param>
    public static NormalizeForms Of(bool shortcut, bool prelu, SignEstimator? sign) => shortcut ? Of<Yes>(prelu, sign) : Of<No>(prelu, sign);

    private static NormalizeForms Of<TShortcut>(bool prelu, SignEstimator? sign)
        where TShortcut : struct, IFlag => prelu ? Of<TShortcut, Yes>(sign) : Of<TShortcut, No>(sign);

    private static NormalizeForms Of<TShortcut, TPRelu>(SignEstimator? sign)
        where TShortcut : struct, IFlag
        where TPRelu : struct, IFlag => sign switch
        {
            null => Of<TShortcut, TPRelu, NoSign>(),
            SignEstimator.BiReal => Of<TShortcut, TPRelu, BiRealSign>(),
            _ => Of<TShortcut, TPRelu, StraightThroughSign>(),
        };

    private static NormalizeForms Of<TShortcut, TPRelu, TSign>()
        where TShortcut : struct, IFlag
        where TPRelu : struct, IFlag
        where TSign : struct, ISignForm => Lanes16.AreInHardware ? Of<TShortcut, TPRelu, TSign, Lanes16>() : Of<TShortcut, TPRelu, TSign, Lanes8>();

    private static NormalizeForms Of<TShortcut, TPRelu, TSign, TLanes>()
        where TShortcut : struct, IFlag
        where TPRelu : struct, IFlag
        where TSign : struct, ISignForm
        where TLanes : struct, ILanes<TLanes> => new(
            &NormalizeKernel<TShortcut, TPRelu, TSign, TLanes>.Forward,
            &NormalizeKernel<TShortcut, TPRelu, TSign, TLanes>.Sum,
            &NormalizeKernel<TShortcut, TPRelu, TSign, TLanes>.Spread,
            &NormalizeKernel<TShortcut, TPRelu, TSign, TLanes>.ForwardRange,
            &NormalizeKernel<TShortcut, TPRelu, TSign, TLanes>.SumRange);
}
