namespace DcpNas.Tests.Foundation;

public sealed class CanonicalNameTests
{
    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("\u00c5ngstr\u00f6m", "A\u030angstro\u0308m")]
    [InlineData("\u212b", "A\u030a")] // the sign of the unit is the letter
    [InlineData("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")] // Hangul is computed
    [InlineData("\u1e69", "s\u0323\u0307")] // two marks
    [InlineData("s\u0307\u0323", "s\u0323\u0307")] // in another order
    [InlineData("\u304c", "\u304b\u3099")]
    [InlineData("\u0439", "\u0438\u0306")]
    [InlineData("\U0001109a", "\U00011099\U000110ba")] // beyond 16 bits
    public void Key_OfFormsOfOneName_IsOne(string a, string b)
    {
        Assert.NotEqual(a, b);
        Assert.Equal(CanonicalName.Key(a), CanonicalName.Key(b));
        Assert.True(CanonicalName.Comparer.Equals(a, b));
        Assert.Equal(CanonicalName.Comparer.GetHashCode(a), CanonicalName.Comparer.GetHashCode(b));
    }

    [Theory]
    [InlineData("cafe", "caf\u00e9")]
    [InlineData("\ufb01", "fi")] // a ligature is another character: not even tools that normalise (NFC) take it for two letters
    [InlineData("a\u0301\u0300", "a\u0300\u0301")] // marks of one class keep their order
    [InlineData("A", "a")]
    public void Key_OfOtherNames_Differs(string a, string b) => Assert.False(CanonicalName.Comparer.Equals(a, b));

    [Fact]
    public void Key_OfAscii_IsTheNameItself() => Assert.Same("n02134084", CanonicalName.Key("n02134084"));
}
