using System.Text;
using System.Text.RegularExpressions;

namespace DcpNas.Embedded;

/// <summary>The functions of the generated code: files of C, of which a network gets those that it calls.</summary>
internal static partial class CKernels
{
    // In the order in which they are written: what a function needs stands before it.
    private static readonly (string Name, string[] Needs)[] Files =
    [
        ("shifts", []),
        ("lanes", []),
        ("window", []),
        ("saturate", []),
        ("high", []),
        ("divide", []),
        ("dot", []),
        ("dot16", []),
        ("ones", []),
        ("differences", ["ones", "lanes"]),
        ("image", []),
        ("saturate8", []),
        ("widen", []),
        ("convolution_layer", ["window", "high", "saturate"]),
        ("convolution", ["convolution_layer", "dot"]),
        ("convolution_to8", ["convolution_layer", "dot", "saturate8"]),
        ("convolution_depthwise", ["convolution_layer"]),
        ("convolution_depthwise_to8", ["convolution_layer", "saturate8"]),
        ("convolution_layer16", ["window", "high", "saturate"]),
        ("convolution16", ["convolution_layer16", "dot16"]),
        ("convolution16_to8", ["convolution_layer16", "dot16", "saturate8"]),
        ("convolution_depthwise16", ["convolution_layer16"]),
        ("convolution_depthwise16_to8", ["convolution_layer16", "saturate8"]),
        ("sign", ["lanes"]),
        ("sign8", ["lanes"]),
        ("binary", ["window"]),
        ("binary_dense", ["binary", "differences"]),
        ("binary_depthwise", ["binary", "lanes"]),
        ("binary_depthwise_signs", ["binary"]),
        ("threshold", ["lanes"]),
        ("affine", ["saturate", "divide", "lanes"]),
        ("affine_sums", ["affine"]),
        ("affine_sums8", ["affine", "saturate8"]),
        ("affine_sums_to8", ["affine", "saturate8"]),
        ("affine_numbers", ["affine"]),
        ("affine_numbers8", ["affine", "saturate8"]),
        ("affine_numbers_to8", ["affine", "saturate8"]),
        ("sign_weights", ["binary", "saturate"]),
        ("max_pool", ["window", "lanes"]),
        ("max_pool8", ["window", "lanes"]),
        ("average_pool", ["window", "saturate"]),
        ("average_pool8", ["window", "saturate8"]),
        ("global_average", []),
        ("add", ["divide", "saturate", "lanes"]),
        ("add8", ["divide", "saturate8", "lanes"]),
        ("add_to8", ["divide", "saturate8", "lanes"]),
        ("scale", ["divide", "saturate"]),
        ("scale8", ["divide", "saturate8"]),
        ("scale_to8", ["divide", "saturate8"]),
        ("relu", []),
        ("relu8", []),
        ("concat_numbers", ["divide", "saturate"]),
        ("concat_numbers8", ["divide", "saturate8"]),
        ("concat_numbers_to8", ["divide", "saturate8"]),
        ("concat_sums", []),
        ("concat_bits", []),
        ("power", []),
        ("detector_level", []),
        ("probabilities", ["power", "detector_level"]),
        ("boxes", ["power", "detector_level"]),
        ("suppress", []),
        ("detect", ["probabilities", "boxes", "suppress"]),
    ];

    /// <summary>The text of the files that are called, and of those that they need.</summary>
    public static string Text(IEnumerable<string> called)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in called.Append("shifts"))
        {
            Need(needed, name);
        }

        return string.Join('\n', Files.Where(file => needed.Contains(file.Name)).Select(file => Read(file.Name)));
    }

    private static void Need(HashSet<string> needed, string name)
    {
        if (needed.Add(name))
        {
            foreach (var other in Files.First(file => file.Name == name).Needs)
            {
                Need(needed, other);
            }
        }
    }

    /// <summary>A file; those of 16-bit weights are made of those of 8-bit ones, and what numbers have in common with sums is written once.</summary>
    private static string Read(string name)
    {
        if (name.EndsWith('8') && name != "saturate8")
        {
            return Narrow(name);
        }

        if (name == "affine_numbers")
        {
            return Read("affine_sums")
                .Replace("nn_affine_sums", "nn_affine_numbers", StringComparison.Ordinal).Replace("nn_sum ", "int16_t ", StringComparison.Ordinal)
                .Replace("from its sums. The shortcut, if any, may be", "from numbers. These and the shortcut, if any, may be", StringComparison.Ordinal);
        }

        if (name.StartsWith("convolution", StringComparison.Ordinal) && name.EndsWith("16", StringComparison.Ordinal))
        {
            return Read(name[..^2])
                .Replace("int8_t", "int16_t", StringComparison.Ordinal).Replace("8-bit", "16-bit", StringComparison.Ordinal)
                .Replace("nn_dot", "nn_dot16", StringComparison.Ordinal).Replace("nn_convolution", "nn_convolution16", StringComparison.Ordinal)
                .Replace("nn_convolve_depthwise", "nn_depthwise", StringComparison.Ordinal).Replace("nn_convolve", "nn_convolve16", StringComparison.Ordinal)
                .Replace("nn_depthwise", "nn_convolve_depthwise16", StringComparison.Ordinal);
        }

        return File(name);
    }

    /// <summary>A file whose numbers have 8 bits: all of them (NAME8), or those alone that it makes (NAME_to8). Multipliers and the like keep their 16.</summary>
    private static string Narrow(string name)
    {
        var suffix = name.EndsWith("_to8", StringComparison.Ordinal) ? "_to8" : "8";
        var text = Read(name[..^suffix.Length]);
        text = (suffix == "8" ? AllNumbers() : MadeNumbers()).Replace(text, "int8_t *$1");
        text = Stores().Replace(text, "$1nn_saturate8(");
        return Functions().Replace(text, $"static void nn_${{1}}{suffix}(")
            .Replace("(int16_t)0", "(int8_t)0", StringComparison.Ordinal).Replace("(int16_t)sum", "(int8_t)sum", StringComparison.Ordinal)
            .Replace("*out++ = largest", "*out++ = (int8_t)largest", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"int16_t \*(in|out|source|a|b|shortcut)\b")]
    private static partial Regex AllNumbers();

    [GeneratedRegex(@"int16_t \*(out)\b")]
    private static partial Regex MadeNumbers();

    [GeneratedRegex(@"(out\[\w+\] = |\*out\+\+ = |sum = )nn_saturate\(")]
    private static partial Regex Stores();

    [GeneratedRegex(@"static void nn_(\w+)\(")]
    private static partial Regex Functions();

    private static string File(string name)
    {
        using var stream = typeof(CKernels).Assembly.GetManifestResourceStream($"C/{name}.c") ?? throw new InvalidOperationException($"Bug in DcpNas: no C file {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
