using System.Text;
using DcpNas.Data;

namespace DcpNas.Tests.Data;

public sealed class XmlInputTests
{
    static XmlInputTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("windows-1252", "windows-1252", "café")]
    [InlineData("cp1251", "windows-1251", "кошка")]
    [InlineData("Latin1", "iso-8859-1", "café")]
    [InlineData("iso-8859-15", "iso-8859-15", "€ café")]
    [InlineData("gb2312", "gb2312", "猫")]
    [InlineData("GBK", "gbk", "貓")]
    [InlineData("gb18030", "gb18030", "猫é")]
    [InlineData("shift_jis", "shift_jis", "ねこ")]
    [InlineData("CP932", "shift_jis", "ねこ")]
    [InlineData("euc-kr", "euc-kr", "고양이")]
    [InlineData("big5", "big5", "貓")]
    [InlineData("koi8-r", "koi8-r", "кошка")]
    [InlineData("ibm850", "ibm850", "café")]
    [InlineData("utf8", "utf-8", "café")]
    [InlineData("UTF-8", "utf-8", "café")]
    [InlineData("utf-16", "utf-8", "café")] // written by a program that turned its text into UTF-8 afterwards
    [InlineData("utf-16", "utf-16", "café")]
    [InlineData("utf-8", "utf-16BE", "café")]
    public void Load_DeclaredEncoding_IsRead(string declared, string written, string text)
    {
        using var folder = new TempFolder();
        var xml = $"<?xml version=\"1.0\" encoding='{declared}' standalone=\"yes\"?>\n<a>{text}</a>";
        foreach (var mark in (bool[])[false, true])
        {
            var encoding = Encoding.GetEncoding(written);
            var path = folder.Write([.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(xml)], "a.xml");
            Assert.Equal(text, XmlInput.Load(path, "Fix it.").Value);
        }
    }

    [Theory]
    [InlineData("<?xml version='1.0' encoding='klingon'?><a/>", "line 1, expected an encoding that .NET knows, such as utf-8 or windows-1252 but found 'klingon'. Fix it.")]
    [InlineData("<a>\ncafé</a>", "line 2, expected text in utf-8, since it declares no encoding but found the byte 0xe9. Declare the encoding that it has, or convert it to UTF-8. Fix it.")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?>\n<a>\ncafé</a>", "line 3, expected text in utf-8 but found the byte 0xe9. Declare the encoding that it has, or convert it to UTF-8. Fix it.")]
    public void Load_OtherBytesThanDeclared_SaysWhere(string xml, string message)
    {
        using var folder = new TempFolder();
        var path = folder.Write(Encoding.Latin1.GetBytes(xml), "a.xml");
        Assert.Equal($"{path}: at {message}", Assert.Throws<InputException>(() => XmlInput.Load(path, "Fix it.")).Message);
    }
}
