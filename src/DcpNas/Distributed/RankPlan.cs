using System.Globalization;
using System.Numerics;

namespace DcpNas.Distributed;

/// <summary>What a run whose batches are cut into shards will send and hold on several ranks, before it starts.</summary>
/// <param name="Shards">Shards of a batch, and so the most ranks.</param>
/// <param name="BytesPerExchange">Bytes that a rank sends to each of log2(ranks) others in a step: gradients, running statistics and sums.</param>
/// <param name="MemoryBytes">Memory of a rank by the number of ranks; empty where the profiling run does not tell.</param>
public sealed record RankPlan(int Shards, long BytesPerExchange, IReadOnlyDictionary<int, double> MemoryBytes)
{
    /// <summary>The name of <see cref="BytesPerExchange"/> among the measures of a plan.</summary>
    public const string Measure = "bytes_per_exchange";

    /// <summary>The numbers of ranks above 1 that a number of shards can be dealt to.</summary>
    public static IEnumerable<int> RanksFor(int shards) => Enumerable.Range(1, BitOperations.Log2((uint)shards)).Select(power => 1 << power);

    /// <summary>In one line for people.</summary>
    public string Note
    {
        get
        {
            var memory = string.Join(", ", MemoryBytes.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value / 1e9:0.0} GB on {pair.Key}")));
            return string.Create(CultureInfo.InvariantCulture, $"mpi     up to {Shards} ranks (mpirun -np N); a rank sends {BytesPerExchange / 1e6:0.00} MB a step to each of log2(N) others")
                + (memory.Length > 0 ? $", and needs about {memory}" : "");
        }
    }
}
