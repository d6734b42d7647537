namespace DcpNas.Cost;

/// <summary>What flash, RAM and instructions of a network are asked of.</summary>
/// <param name="Core">The processor.</param>
/// <param name="Shortcuts">Bits of the numbers that layers hand on to each other in the integer mode, shortcuts above all: 16 or 8.</param>
public sealed record ChipTarget(string Core, int Shortcuts = ChipTarget.DefaultShortcuts)
{
    /// <summary>The bits where none are named.</summary>
    public const int DefaultShortcuts = 16;

    /// <summary>What is wrong with a number of bits; null: nothing.</summary>
    public static string? Problem(int shortcuts) => shortcuts is 8 or 16 ? null : $"shortcuts must have 8 or 16 bits, got {shortcuts}.";

    /// <inheritdoc/>
    public override string ToString() => Shortcuts == DefaultShortcuts ? Core : $"{Core} with shortcuts of {Shortcuts} bits";
}
