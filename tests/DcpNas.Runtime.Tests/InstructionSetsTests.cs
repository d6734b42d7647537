namespace DcpNas.Runtime.Tests;

public class InstructionSetsTests
{
    [Fact]
    public void Supported_AnyProcessor_BeginsWithScalarAndEndsWithTheBest()
    {
        Assert.Equal(InstructionSet.Scalar, InstructionSets.Supported[0]);
        Assert.Equal(InstructionSets.Best, InstructionSets.Supported[^1]);
    }

    [Fact]
    public void Choose_ASupportedSet_ReturnsIt() => Assert.All(InstructionSets.Supported, set => Assert.Equal(set, InstructionSets.Choose(set)));

    [Fact]
    public void Choose_AnUnsupportedSet_SaysWhatIsThere()
    {
        var foreign = InstructionSets.IsSupported(InstructionSet.AdvSimd) ? InstructionSet.Avx2 : InstructionSet.AdvSimd;
        Assert.Equal(
            $"This processor cannot run {foreign}. It can run: {string.Join(", ", InstructionSets.Supported)}.",
            Assert.Throws<PlatformNotSupportedException>(() => InstructionSets.Choose(foreign)).Message);
    }
}
