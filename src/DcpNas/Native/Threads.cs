using TorchSharp;

namespace DcpNas.Native;

/// <summary>The threads libtorch computes one operation with.</summary>
/// <remarks>Results depend on the number in the last bits (sums are split differently), so it belongs into a checkpoint.</remarks>
public static class Threads
{
    /// <summary>The number libtorch uses now.</summary>
    public static int Count
    {
        get
        {
            LibTorch.Load();
            return torch.get_num_threads();
        }
    }

    /// <summary>Sets the number of threads; does not touch any random number generator.</summary>
    /// <param name="count">At least 1; 0 means one per core.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static void Set(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        LibTorch.Load();
        torch.set_num_threads(count == 0 ? Environment.ProcessorCount : count);
    }
}
