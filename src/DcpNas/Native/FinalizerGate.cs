namespace DcpNas.Native;

/// <summary>Parks the finalizer thread.</summary>
public static class FinalizerGate
{
    /// <summary>Lets finalizers run.</summary>
    public static void SafePoint()
    {
    }
}
