namespace DcpNas.Embedded;

/// <summary>The name that everything in the generated code begins with.</summary>
internal static class CName
{
    private const int Longest = 32;

    private static readonly HashSet<string> Reserved = new(
    [
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "main",
        "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while",
        "bool", "catch", "class", "delete", "false", "friend", "namespace", "new", "operator", "private", "protected", "public", "template", "this", "throw", "true", "try", "using", "virtual",
    ],
        StringComparer.Ordinal);

    /// <summary>Refuses what is no identifier in lower case.</summary>
    /// <exception cref="CodeGenerationException">The name cannot be used.</exception>
    public static void Check(string name)
    {
        var good = name.Length is > 0 and <= Longest && name[0] is >= 'a' and <= 'z' && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');
        if (!good || Reserved.Contains(name))
        {
            throw new CodeGenerationException(
                $"The name must be 1 to {Longest} characters of a-z, 0-9 and _, begin with a letter and be no word of C or C++, got '{name}'. For example: --name net.");
        }
    }

    /// <summary>Text with the placeholders nn_ and NN_ replaced.</summary>
    public static string Apply(string text, string name) => text.Replace("nn_", name + "_", StringComparison.Ordinal).Replace("NN_", name.ToUpperInvariant() + "_", StringComparison.Ordinal);

    /// <summary>A name of an output or a class as a part of a macro: letters and digits in upper case, all else _.</summary>
    public static string Macro(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));

    /// <summary>A text as a string literal of C.</summary>
    public static string Literal(string text)
    {
        var literal = new System.Text.StringBuilder("\"");
        foreach (var value in System.Text.Encoding.UTF8.GetBytes(text))
        {
            // Three octal digits end by themselves, whatever follows; ? could begin a trigraph.
            _ = value is < 0x20 or > 0x7e or (byte)'"' or (byte)'\\' or (byte)'?' ? literal.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0')) : literal.Append((char)value);
        }

        return literal.Append('"').ToString();
    }
}
