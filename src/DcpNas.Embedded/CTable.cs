using System.Globalization;
using System.Text;

namespace DcpNas.Embedded;

/// <summary>A constant array of the generated code.</summary>
/// <param name="Name">Its identifier.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Values">Its elements.</param>
internal sealed record CTable(string Name, CType Type, IReadOnlyList<long> Values)
{
    private const int Columns = 24;

    /// <summary>Bytes in flash.</summary>
    public int Bytes => Values.Count * SizeOf(Type);

    /// <summary>Its declaration, without a semicolon.</summary>
    public string Declaration => string.Create(CultureInfo.InvariantCulture, $"const {NameOf(Type)} {Name}[{Values.Count}]");

    /// <summary>Bytes of an element.</summary>
    public static int SizeOf(CType type) => type switch { CType.Int8 => 1, CType.Int16 => 2, _ => 4 };

    /// <summary>The type in C.</summary>
    public static string NameOf(CType type) => type switch { CType.Int8 => "int8_t", CType.Int16 => "int16_t", CType.Int32 => "int32_t", _ => "uint32_t" };

    /// <summary>The definition.</summary>
    public void Write(StringBuilder text)
    {
        text.Append("NN_TABLE ").Append(Declaration).Append(" = {");
        for (var i = 0; i < Values.Count; i++)
        {
            text.Append(i % Columns == 0 ? "\n    " : " ").Append(Element(Values[i])).Append(i + 1 < Values.Count ? "," : "");
        }

        text.Append("\n};\n");
    }

    private string Element(long value) => Type switch
    {
        CType.Word => string.Create(CultureInfo.InvariantCulture, $"0x{value:x8}u"),
        // -2147483648 is no constant of C, but an expression of a type that is too long.
        CType.Int32 when value == int.MinValue => "(-2147483647 - 1)",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
