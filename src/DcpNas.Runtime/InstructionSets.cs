using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DcpNas.Runtime;

/// <summary>Which <see cref="InstructionSet"/>s this processor has, and which one is taken where a caller names none.</summary>
public static class InstructionSets
{
    /// <summary>The environment variable that names the set to take by default, for example <c>Avx2</c>.</summary>
    public const string Variable = "DCPNAS_INSTRUCTION_SET";

    /// <summary>The best set of this processor.</summary>
    public static InstructionSet Best =>
        IsSupported(InstructionSet.Avx512) ? InstructionSet.Avx512
        : IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2
        : IsSupported(InstructionSet.AdvSimd) ? InstructionSet.AdvSimd
        : InstructionSet.Scalar;

    /// <summary>All sets of this processor, <see cref="InstructionSet.Scalar"/> first, the best last.</summary>
    public static IReadOnlyList<InstructionSet> Supported => [.. Enum.GetValues<InstructionSet>().Where(IsSupported)];

    /// <summary>Whether this processor has a set.</summary>
    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => true,
        InstructionSet.AdvSimd => AdvSimd.Arm64.IsSupported,
        InstructionSet.Avx2 => Avx2.IsSupported,
        InstructionSet.Avx512 => Avx512Vbmi.IsSupported && Gfni.V512.IsSupported,
        _ => false,
    };

    /// <summary>The set to use: the one asked for, else the one that <see cref="Variable"/> names, else <see cref="Best"/>.</summary>
    /// <param name="set">The set asked for, or null.</param>
    /// <exception cref="PlatformNotSupportedException">This processor does not have the set, or the variable names none.</exception>
    public static InstructionSet Choose(InstructionSet? set = null)
    {
        if (set is not { } chosen)
        {
            var name = Environment.GetEnvironmentVariable(Variable);
            if (string.IsNullOrEmpty(name))
            {
                return Best;
            }

            if (!Enum.TryParse(name, ignoreCase: true, out chosen))
            {
                throw new PlatformNotSupportedException($"Unknown instruction set '{name}' in {Variable}. Known sets: {string.Join(", ", Enum.GetNames<InstructionSet>())}.");
            }
        }

        return IsSupported(chosen)
            ? chosen
            : throw new PlatformNotSupportedException($"This processor cannot run {chosen}. It can run: {string.Join(", ", Supported)}.");
    }
}
