namespace DcpNas.Operators;

/// <summary>How often the result of an operator may be differentiated.</summary>
/// <remarks>
/// First order is the fast path: hand-written backward passes that free what they no longer need. Second order builds the same
/// values from differentiable parts, for the exact Hessian product.
/// </remarks>
public static class GradientOrder
{
    [ThreadStatic]
    private static bool _second;

    /// <summary>Whether operators of this thread must give results that can be differentiated twice.</summary>
    public static bool IsSecond => _second;

    /// <summary>Makes the operators of this thread twice differentiable until the result is disposed.</summary>
    public static IDisposable UseSecond()
    {
        var scope = new Scope(_second);
        _second = true;
        return scope;
    }

    private sealed class Scope(bool previous) : IDisposable
    {
        public void Dispose() => _second = previous;
    }
}
