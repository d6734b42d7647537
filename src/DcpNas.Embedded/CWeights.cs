using System.Globalization;
using System.Text;
using DcpNas.Runtime;

namespace DcpNas.Embedded;

/// <summary>The constant arrays, in a file of their own.</summary>
internal static class CWeights
{
    public static string Declare(CProgram program)
    {
        var text = new StringBuilder("""
            /* Constants of the network. */
            #ifndef NN_WEIGHTS_H
            #define NN_WEIGHTS_H

            #include <stdint.h>

            /* What stands before every table, for example __attribute__((section(".flash"))). */
            #ifndef NN_TABLE
            #define NN_TABLE
            #endif

            #ifdef __cplusplus
            extern "C" {
            #endif


            """);
        text.Append(CultureInfo.InvariantCulture, $"/* Sums of 1-bit convolutions. */\ntypedef {CTable.NameOf(program.Sums)} nn_sum;\n\n");
        foreach (var table in program.Tables.All)
        {
            text.Append("extern ").Append(table.Declaration).Append(";\n");
        }

        return text.Append("""

            #ifdef __cplusplus
            }
            #endif

            #endif

            """).ToString();
    }

    public static string Define(PackedModel model, CProgram program)
    {
        var text = new StringBuilder("#include \"nn.h\"\n#include \"nn_weights.h\"\n\n");
        foreach (var table in program.Tables.All)
        {
            table.Write(text);
        }

        if (model.Info.Classes.Count > 0)
        {
            text.Append("\nconst char *const nn_class_names[NN_CLASSES] = {\n");
            foreach (var name in model.Info.Classes)
            {
                text.Append("    ").Append(CName.Literal(name)).Append(",\n");
            }

            text.Append("};\n");
        }

        return text.ToString();
    }
}
