using System.Text;

namespace DcpNas.Embedded;

/// <summary>The functions of the generated code: files of C, of which a network gets those that it calls.</summary>
internal static class CKernels
{
    // In the order in which they are written: what a function needs stands before it.
    private static readonly (string Name, string[] Needs)[] Files =
    [
        ("shifts", []),
        ("window", []),
        ("saturate", []),
        ("high", []),
        ("divide", []),
        ("dot", []),
        ("dot16", []),
        ("ones", []),
        ("differences", ["ones"]),
        ("image", []),
        ("convolution_layer", ["window", "high", "saturate"]),
        ("convolution", ["convolution_layer", "dot"]),
        ("convolution_depthwise", ["convolution_layer"]),
        ("convolution_layer16", ["window", "high", "saturate"]),
        ("convolution16", ["convolution_layer16", "dot16"]),
        ("convolution_depthwise16", ["convolution_layer16"]),
        ("sign", []),
        ("binary", ["window"]),
        ("binary_dense", ["binary", "differences"]),
        ("binary_depthwise", ["binary"]),
        ("binary_depthwise_signs", ["binary"]),
        ("threshold", []),
        ("affine", ["saturate", "divide"]),
        ("affine_sums", ["affine"]),
        ("affine_numbers", ["affine"]),
        ("sign_weights", ["binary", "saturate"]),
        ("max_pool", ["window"]),
        ("average_pool", ["window", "saturate"]),
        ("global_average", []),
        ("add", ["divide", "saturate"]),
        ("scale", ["divide", "saturate"]),
        ("relu", []),
        ("concat_numbers", ["divide", "saturate"]),
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

        using var stream = typeof(CKernels).Assembly.GetManifestResourceStream($"C/{name}.c") ?? throw new InvalidOperationException($"Bug in DcpNas: no C file {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
