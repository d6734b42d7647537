namespace DcpNas.Runtime.Tests.Kernels;

/// <summary>The instruction sets that this machine can switch to.</summary>
internal static class Sets
{
    public static TheoryData<InstructionSet> All => [.. InstructionSets.Supported];
}
