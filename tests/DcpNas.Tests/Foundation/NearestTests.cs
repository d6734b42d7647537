namespace DcpNas.Tests.Foundation;

/// <summary>Names for misspelled ones, and none where nothing is near.</summary>
public sealed class NearestTests
{
    private static readonly string[] Known = ["none", "paper", "release", "dcp", "cp", "max_ops"];

    [Theory]
    [InlineData("relase", " Did you mean 'release'?")]
    [InlineData("dpc", " Did you mean 'dcp'?")]
    [InlineData("non", " Did you mean 'none'?")]
    [InlineData("max-ops", " Did you mean 'max_ops'?")]
    [InlineData("foo", "")]
    [InlineData("gg", "")]
    [InlineData("imagenet", "")]
    public void Hint_OfAMisspelledName_NamesOnlyWhatIsNear(string name, string hint) => Assert.Equal(hint, Nearest.Hint(name, Known));
}
