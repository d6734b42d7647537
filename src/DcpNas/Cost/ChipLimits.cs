using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Cost;

/// <summary>Limits in the units of a microcontroller on the generated C of a network (docs/microcontrollers.md).</summary>
public sealed record ChipLimits
{
    /// <summary>The processor where there is a limit and none is named.</summary>
    public const string DefaultCore = "cortex-m4";

    internal const string FlashUnit = "bytes of flash";
    internal const string RamUnit = "bytes of RAM";
    internal const string InstructionUnit = "instructions an image";

    /// <summary>Largest flash; null: no limit.</summary>
    [Option("Most bytes of flash of the generated C, constants and code, as 64K (of 1024)", Above = 0, None = "no limit", Thousand = 1024)]
    public double? MaxFlash { get; init; }

    /// <summary>Largest RAM of values; null: no limit.</summary>
    [Option("Most bytes of RAM of its values, as 24K (of 1024)", Above = 0, None = "no limit", Thousand = 1024)]
    public double? MaxRam { get; init; }

    /// <summary>Most instructions of an image; null: no limit.</summary>
    [Option("Most instructions of an image, as 5M", Above = 0, None = "no limit")]
    public double? MaxInstructions { get; init; }

    /// <summary>The processor; null: <see cref="DefaultCore"/> where there is a limit.</summary>
    [Option("Processor that flash, RAM and instructions are about, one of those of cost --core", None = $"{DefaultCore} where there is a limit")]
    public string? Core { get; init; }

    /// <summary>Bits of the numbers between layers; null: <see cref="ChipTarget.DefaultShortcuts"/>.</summary>
    [Option("Bits of the numbers between layers that flash, RAM and instructions are about, as in export --shortcuts: 16 or 8", None = "16")]
    public int? Shortcuts { get; init; }

    /// <summary>Whether there is any limit.</summary>
    public bool IsLimited => MaxFlash is not null || MaxRam is not null || MaxInstructions is not null;

    /// <summary>What numbers are asked of; null where nobody asks.</summary>
    public ChipTarget? Target => (Core ?? (IsLimited ? DefaultCore : null)) is { } core ? new(core, Shortcuts ?? ChipTarget.DefaultShortcuts) : null;

    /// <summary>Everything wrong with these limits, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. ChipTarget.Problems(Shortcuts ?? ChipTarget.DefaultShortcuts),
        .. Check(Shortcuts is null || Target is not null, "shortcuts is about max_flash, max_ram, max_instructions or core; give one of them, or leave it out."),
    ];

    /// <summary>These limits, and those of others where there is none here.</summary>
    public ChipLimits Or(ChipLimits others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new()
        {
            MaxFlash = MaxFlash ?? others.MaxFlash,
            MaxRam = MaxRam ?? others.MaxRam,
            MaxInstructions = MaxInstructions ?? others.MaxInstructions,
            Core = Core ?? others.Core,
            Shortcuts = Shortcuts ?? others.Shortcuts,
        };
    }

    /// <summary>The largest share of a limit that a network takes: at most 1 where it keeps to all of them, 0 where there is none.</summary>
    public double Share(ChipAmount amount) => ByLimit(amount).Max(number => number.Most is { } most ? number.Value / most : 0);

    /// <summary>What a network takes too much of, with the limit; empty where it keeps to all.</summary>
    /// <param name="amount">The network.</param>
    /// <param name="nameOf">How the text calls the option of a key.</param>
    public IReadOnlyList<string> Above(ChipAmount amount, Func<string, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        return [.. ByLimit(amount).Where(number => number.Value > number.Most)
            .Select(number => FormattableString.Invariant($"{number.Value:N0} {number.Unit} ({nameOf(number.Key)} {number.Most:N0})"))];
    }

    private (string Key, double? Most, double Value, string Unit)[] ByLimit(ChipAmount amount) =>
    [
        ("max_flash", MaxFlash, amount.FlashBytes, FlashUnit),
        ("max_ram", MaxRam, amount.ArenaBytes, RamUnit),
        ("max_instructions", MaxInstructions, amount.Instructions, InstructionUnit),
    ];
}
