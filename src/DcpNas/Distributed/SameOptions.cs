using System.Text;
using System.Text.Json.Nodes;

namespace DcpNas.Distributed;

/// <summary>Refuses ranks that were started with other options or another build than rank 0.</summary>
public static class SameOptions
{
    private const string Build = "build of dcpnas";

    /// <summary>Compares the resolved options of all ranks, and what each of them runs.</summary>
    /// <param name="collective">The processes; with one, nothing is done.</param>
    /// <param name="options">Those of this rank.</param>
    /// <param name="mayDiffer">Keys that change nothing that is computed.</param>
    /// <exception cref="InputException">On every rank; names the first difference and its rank.</exception>
    public static void Demand(ICollective collective, JsonObject options, IReadOnlyCollection<string> mayDiffer)
    {
        ArgumentNullException.ThrowIfNull(collective);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(mayDiffer);
        if (collective.Ranks == 1)
        {
            return;
        }

        var own = (JsonObject)options.DeepClone();
        own[Build] = $"{typeof(SameOptions).Assembly.ManifestModule.ModuleVersionId}";
        var all = collective.Gather(Encoding.UTF8.GetBytes(own.ToJsonString()), Collective.LongPatience)
            .Select(text => (JsonObject)JsonNode.Parse(text)!).ToArray();
        for (var rank = 1; rank < all.Length; rank++)
        {
            foreach (var (key, there, here) in JsonFiles.Differences(all[0], all[rank], mayDiffer).Take(1))
            {
                throw new RanksRefusedException($"rank {rank} of {all.Length} was started with another {key}: {there} on rank 0, {here} there. Start the same build with the same options on all ranks.");
            }
        }
    }
}
