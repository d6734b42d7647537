using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>Joins what is drawn in C# to the global generator of torch, which a training seeds in every step.</summary>
internal static class RegionRandom
{
    /// <summary>A seed, drawn on the CPU.</summary>
    public static long Seed()
    {
        using var scope = NewDisposeScope();
        return randint(long.MaxValue, [1], ScalarType.Int64, CPU).item<long>();
    }
}
