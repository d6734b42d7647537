using DcpNas.Cost;
using DcpNas.Embedded;
using DcpNas.Export;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Cli.Models;

/// <summary>Measures untrained networks on a chip: makes them with weights at random, packs them and reckons with the C that would be generated. Joins DcpNas and DcpNas.Embedded.</summary>
internal sealed class ChipMeter : IChipMeter
{
    private const int MeasurementsBetweenSafePoints = 20;
    private readonly Dictionary<(string Genotype, NetworkGeometry Network, ChipTarget Target), ChipAmount> _known = [];

    private ChipMeter()
    {
    }

    /// <summary>The meter of this process: what was measured once is known.</summary>
    public static ChipMeter Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Cores => ChipCost.Cores;

    /// <inheritdoc/>
    public ChipAmount Measure(Genotype genotype, NetworkGeometry network, ChipTarget target)
    {
        ArgumentNullException.ThrowIfNull(genotype);
        ArgumentNullException.ThrowIfNull(network);
        var key = (genotype.ToString(), network, target);
        if (!_known.TryGetValue(key, out var amount))
        {
            var description = NetworkDescription.Of(genotype, network);
            amount = description.Problems() is { Count: > 0 } problems ? throw new OptionsException("the network that the chip is for", problems) : Measure(description, network.Classes, target);
            _known[key] = amount;
            if (_known.Count % MeasurementsBetweenSafePoints == 0)
            {
                FinalizerGate.SafePoint();
            }
        }

        return amount;
    }

    /// <summary>What a network of any architecture takes.</summary>
    /// <exception cref="InputException">There is no C code for it, or the processor is unknown.</exception>
    public static ChipAmount Measure(NetworkDescription network, int classes, ChipTarget target)
    {
        LibTorch.Load();
        using var _ = new DefaultDevice(CPU); // a search may be on a GPU
        var cost = Chips.Costs(UntrainedModel.Create(network with { RealWeights = false }, classes, target.Shortcuts), "The network", Chips.Read(target.Core))[0];
        return new ChipAmount(cost.FlashBytes, cost.ArenaBytes, cost.Instructions);
    }
}
