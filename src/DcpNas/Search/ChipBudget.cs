using DcpNas.Cost;
using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>Limits on what a final network takes on a chip. Every genotype that is allowed was measured whole; <see cref="Table"/> only spares measurements and leads the way.</summary>
public sealed class ChipBudget
{
    private const double Sure = 1.25; // an estimate so far above a limit needs no measurement: it is at most 16 % too high
    private readonly IChipMeter _meter;
    private readonly Lazy<ChipTable> _table;
    private readonly string _sizePrefix;

    /// <summary>Creates the budget.</summary>
    /// <param name="limits">What is allowed; at least one limit.</param>
    /// <param name="network">The final network.</param>
    /// <param name="meter">Measures it.</param>
    /// <param name="sizePrefix">What stands before channels, cells and stem in the options that say how large the network is, as <c>final_</c>.</param>
    /// <exception cref="InputException">The processor is unknown.</exception>
    public ChipBudget(ChipLimits limits, NetworkGeometry network, IChipMeter meter, string sizePrefix)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(meter);
        (Limits, Network, _meter, _sizePrefix) = (limits, network, meter, sizePrefix);
        DemandCore(Target.Core, meter);
        _table = new(() => new ChipTable(Measure));
    }

    /// <summary>What is allowed.</summary>
    public ChipLimits Limits { get; }

    /// <summary>The final network.</summary>
    public NetworkGeometry Network { get; }

    /// <summary>The processor, and the bits of the numbers between layers.</summary>
    public ChipTarget Target => Limits.Target!;

    /// <summary>What each choice takes, about; it is measured on the first use, which takes seconds.</summary>
    public ChipTable Table => _table.Value;

    /// <summary>Refuses a processor that is not known.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public static void DemandCore(string core, IChipMeter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        if (!meter.Cores.Contains(core))
        {
            throw new InputException($"core must be one of {string.Join(", ", meter.Cores)}, got '{core}'.{Nearest.Hint(core, meter.Cores)}");
        }
    }

    /// <summary>What those say who are given limits and nobody who measures.</summary>
    internal static InputException Unmeasured() => new("max_flash, max_ram and max_instructions need a meter of chips (IChipMeter), as the commands search, select, train and compare have it. Leave them out here.");

    /// <summary>What the network of a genotype takes.</summary>
    public ChipAmount Measure(Genotype genotype) => _meter.Measure(genotype, Network, Target);

    /// <summary>Whether a genotype keeps to all limits.</summary>
    public bool Allows(Genotype genotype) => Allows(genotype, Limits);

    /// <summary>Whether it keeps to the limits on flash and instructions, which are sums over its edges.</summary>
    internal bool AllowsSums(Genotype genotype) => Allows(genotype, Limits with { MaxRam = null });

    /// <summary>What one choice takes beyond a skip, in units of the limits.</summary>
    internal double Price(bool isReduction, int edge, int operation)
    {
        var extra = Table.Of(isReduction, edge, operation);
        return (extra.FlashBytes / (Limits.MaxFlash ?? double.PositiveInfinity)) + (extra.ArenaBytes / (Limits.MaxRam ?? double.PositiveInfinity))
            + (extra.Instructions / (Limits.MaxInstructions ?? double.PositiveInfinity));
    }

    /// <summary>Why no genotype keeps to the limits, and what to do.</summary>
    /// <param name="smallest">The smallest one that was found.</param>
    internal string Impossible(Genotype smallest)
    {
        var stem = EnumNames.Of(typeof(StemKind), $"{Network.Stem}".ToLowerInvariant());
        return $"The budget cannot be met on {Target}: the smallest genotype found takes {string.Join(", ", Limits.Above(Measure(smallest), key => key))} in a network of {Network.Cells} cells and "
            + $"{Network.Channels} channels with the stem {stem} on images of {Network.InputHeight} x {Network.InputWidth}. "
            + $"Lower {_sizePrefix}channels or {_sizePrefix}cells, {(Network.Stem == StemKind.Cifar ? $"take {_sizePrefix}stem half, " : "take smaller images, ")}{(Target.Shortcuts == 8 ? "" : "take shortcuts of 8 bits, ")}or raise the limit.";
    }

    private bool Allows(Genotype genotype, ChipLimits limits)
    {
        if (!limits.IsLimited)
        {
            return true;
        }

        var isSurelyAbove = _table.IsValueCreated && (limits with { MaxRam = null }).Share(Table.Estimate(genotype)) > Sure;
        return !isSurelyAbove && limits.Share(Measure(genotype)) <= 1;
    }
}
