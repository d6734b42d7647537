using System.Runtime.CompilerServices;
namespace DcpNas.Operators.Kernels;

/// <summary>A yes or no known to the compiler, so that one source gives a straight loop for each form of a kernel.</summary>
internal interface IFlag
{
    static abstract bool On { get; }
}

/// <summary>Yes.</summary>
internal readonly struct Yes : IFlag
{
    public static bool On => true;
}

/// <summary>No.</summary>
internal readonly struct No : IFlag
{
    public static bool On => false;
}

/// <summary>What becomes of a value at the very end: nothing, or its sign with a surrogate slope.</summary>
internal interface ISignForm
{
    static abstract bool On { get; }

    static abstract TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;

    static abstract float Slope(float x);
}

/// <summary>No sign.</summary>
internal readonly struct NoSign : ISignForm
{
    public static bool On => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.One;

    public static float Slope(float x) => 1f;
}

/// <summary>Sign with slope 2 - 2|x|.</summary>
internal readonly struct BiRealSign : ISignForm
{
    public static bool On => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => SignKernel.BiRealSlope(x);

    public static float Slope(float x) => SignKernel.BiRealSlope(x);
}

/// <summary>Sign with slope 1 inside [-1, 1].</summary>
internal readonly struct StraightThroughSign : ISignForm
{
    public static bool On => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => SignKernel.StraightThroughSlope(x);

    public static float Slope(float x) => SignKernel.StraightThroughSlope(x);
}
