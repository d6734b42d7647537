using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>Sees the signs and convolutions of a network while it runs, and may put other values in their place: how an exported network is compared with its source.</summary>
/// <remarks>
/// Only composed operators ask, so the network has to be in float64: the fused float32 kernels have no values between their parts. Holds for the
/// thread that runs it.
/// </remarks>
internal abstract class Replay
{
    [ThreadStatic]
    private static Replay? _current;

    /// <summary>The one that is listening on this thread, or null.</summary>
    public static Replay? Current => _current;

    /// <summary>Does the work with this one listening.</summary>
    public T Listen<T>(Func<T> work) => With(this, work);

    /// <summary>The signs that the network goes on with, ±1, of the shape and type of the values.</summary>
    /// <param name="values">Activations before their sign.</param>
    public abstract Tensor Signs(Tensor values);

    /// <summary>The result of a convolution, or null where it is to be computed as ever.</summary>
    /// <param name="input"><c>[N, C, H, W]</c>.</param>
    /// <param name="weight">As the convolution was given it.</param>
    public abstract Tensor? Sums(Tensor input, Tensor weight);

    /// <summary>Does work of its own with nobody listening.</summary>
    protected static T Aside<T>(Func<T> work) => With(null, work);

    private static T With<T>(Replay? replay, Func<T> work)
    {
        var before = _current;
        _current = replay;
        try
        {
            return work();
        }
        finally
        {
            _current = before;
        }
    }
}
