namespace DcpNas.Cost;

/// <summary>What the generated C of a network takes on a microcontroller; also a share of it, or a difference of two.</summary>
/// <param name="FlashBytes">Flash: constants and code.</param>
/// <param name="ArenaBytes">RAM of values.</param>
/// <param name="Instructions">Instructions of an image.</param>
public readonly record struct ChipAmount(double FlashBytes, double ArenaBytes, double Instructions)
{
    /// <summary>Both together.</summary>
    public static ChipAmount operator +(ChipAmount left, ChipAmount right) => Add(left, right);

    /// <summary>What the first takes beyond the second.</summary>
    public static ChipAmount operator -(ChipAmount left, ChipAmount right) => Subtract(left, right);

    /// <summary>A part.</summary>
    public static ChipAmount operator /(ChipAmount whole, double parts) => Divide(whole, parts);

    /// <summary>Both together.</summary>
    public static ChipAmount Add(ChipAmount left, ChipAmount right) => new(left.FlashBytes + right.FlashBytes, left.ArenaBytes + right.ArenaBytes, left.Instructions + right.Instructions);

    /// <summary>What the first takes beyond the second.</summary>
    public static ChipAmount Subtract(ChipAmount left, ChipAmount right) => new(left.FlashBytes - right.FlashBytes, left.ArenaBytes - right.ArenaBytes, left.Instructions - right.Instructions);

    /// <summary>A part.</summary>
    public static ChipAmount Divide(ChipAmount whole, double parts) => new(whole.FlashBytes / parts, whole.ArenaBytes / parts, whole.Instructions / parts);

    /// <summary>The numbers by the names that files have for them.</summary>
    public IReadOnlyList<(string Key, double Value)> Numbers() => [("flash_bytes", FlashBytes), ("arena_bytes", ArenaBytes), ("instructions", Instructions)];

    /// <summary>The numbers with their units, for people.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{FlashBytes:N0} {ChipLimits.FlashUnit}, {ArenaBytes:N0} {ChipLimits.RamUnit}, {Instructions:N0} {ChipLimits.InstructionUnit}");
}
