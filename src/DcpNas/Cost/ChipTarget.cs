using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Cost;

/// <summary>What flash, RAM and instructions of a network are asked of.</summary>
/// <param name="Core">The processor.</param>
/// <param name="Shortcuts">Bits of the numbers that layers hand on to each other in the integer mode, shortcuts above all: 16 or 8.</param>
public sealed record ChipTarget(string Core, int Shortcuts = ChipTarget.DefaultShortcuts)
{
    /// <summary>The bits where none are named.</summary>
    public const int DefaultShortcuts = 16;

    /// <summary>What is wrong with a number of bits, as a sentence; empty where nothing is.</summary>
    public static IEnumerable<string> Problems(int shortcuts) => Check(shortcuts is 8 or 16, $"shortcuts must have 8 or 16 bits, got {shortcuts}.");

    /// <inheritdoc/>
    public override string ToString() => Shortcuts == DefaultShortcuts ? Core : $"{Core} with shortcuts of {Shortcuts} bits";
}
