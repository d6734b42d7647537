using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace DcpNas.Data;

/// <summary>XML files of others, in the encoding that they declare: UTF-8, UTF-16, and the code pages of .NET (windows-125x, gbk, shift_jis, euc-kr and their kin).</summary>
internal static partial class XmlInput
{
    private const int DeclarationBytes = 256;

    // Names that Python and others write, by what .NET calls them.
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf8"] = "utf-8",
        ["utf-8-sig"] = "utf-8",
        ["utf_8"] = "utf-8",
        ["cp932"] = "shift_jis",
        ["windows-31j"] = "shift_jis",
        ["ms932"] = "shift_jis",
        ["uhc"] = "ks_c_5601-1987",
        ["euckr"] = "euc-kr",
        ["euc_kr"] = "euc-kr",
        ["eucjp"] = "euc-jp",
        ["euc_jp"] = "euc-jp",
        ["mac-roman"] = "macintosh",
        ["macroman"] = "macintosh",
        ["mac_roman"] = "macintosh",
        ["latin_1"] = "latin1",
        ["latin-1"] = "latin1",
        ["big5hkscs"] = "big5",
        ["koi8_r"] = "koi8-r",
        ["koi8_u"] = "koi8-u",
    };

    static XmlInput() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The root element, its lines known.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do about a fault.</param>
    /// <exception cref="InputException">It cannot be read, is not well-formed, or is not of the encoding that it declares.</exception>
    public static XElement Load(string path, string remedy)
    {
        var bytes = DataFile.ReadAllBytes(path);
        try
        {
            // No document type definitions: a file from a stranger must not name other files or grow without end.
            using var reader = XmlReader.Create(new StringReader(Text(path, bytes, remedy)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException error)
        {
            throw InputException.InFile(path, $"line {error.LineNumber}", "well-formed XML", error.Message.TrimEnd('.'), remedy, error);
        }
    }

    private static string Text(string path, byte[] bytes, string remedy)
    {
        var (encoding, mark) = TextBytes.Detect(bytes);
        var declared = Declared().Match(Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, DeclarationBytes))) is { Success: true } match ? match.Groups[1].Value : null;
        if (encoding is null)
        {
            encoding = declared is null ? Encoding.UTF8 : Find(declared)
                ?? throw InputException.InFile(path, "line 1", "an encoding that .NET knows, such as utf-8 or windows-1252", $"'{declared}'", remedy);

            // Text that says UTF-16 in single bytes was written as UTF-8 by a program that converted it afterwards.
            encoding = TextBytes.Strict(encoding.GetByteCount("<") > 1 ? Encoding.UTF8 : encoding);
        }

        try
        {
            return encoding.GetString(bytes, mark, bytes.Length - mark);
        }
        catch (DecoderFallbackException error)
        {
            var line = 1 + bytes.AsSpan(0, Math.Clamp(mark + error.Index, 0, bytes.Length)).Count((byte)'\n');
            var found = error.BytesUnknown is [var first, ..] ? $"the byte 0x{first:x2}" : "other bytes";
            throw InputException.InFile(path, $"line {line}", $"text in {declared ?? encoding.WebName}{(declared is null ? ", since it declares no encoding" : "")}", found, $"Declare the encoding that it has, or convert it to UTF-8. {remedy}", error);
        }
    }

    private static Encoding? Find(string name)
    {
        try
        {
            return CodePage().Match(name) is { Success: true } page && !Aliases.ContainsKey(name)
                ? Encoding.GetEncoding(int.Parse(page.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))
                : Encoding.GetEncoding(Aliases.GetValueOrDefault(name, name));
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?:\xEF\xBB\xBF)?\s*<\?xml\s[^>]*?\bencoding\s*=\s*[""']([A-Za-z0-9._:-]+)[""']")]
    private static partial Regex Declared();

    [GeneratedRegex("^(?:cp|ms|ibm|windows)[-_]?(\\d{3,5})$", RegexOptions.IgnoreCase)]
    private static partial Regex CodePage();
}
