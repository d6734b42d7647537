namespace DcpNas.SearchSpace;

/// <summary>The stable names of the operations that are called by name in code or published genotypes. <see cref="OperationTable"/> says what each is.</summary>
/// <remarks>These are the names of DARTS (arXiv:1806.09055); they are written to genotypes and never renamed.</remarks>
public static class OperationNames
{
    /// <summary>No connection: contributes zero.</summary>
    public const string None = "none";

    /// <summary>Identity; a factorised reduce where the edge is strided.</summary>
    public const string Skip = "skip_connect";

    /// <summary>3x3 maximum pooling, followed by batch normalisation.</summary>
    public const string MaxPool = "max_pool_3x3";

    /// <summary>3x3 average pooling (padding not counted), followed by batch normalisation.</summary>
    public const string AvgPool = "avg_pool_3x3";

    /// <summary>Two separable 3x3 blocks.</summary>
    public const string SepConv3 = "sep_conv_3x3";

    /// <summary>Two separable 5x5 blocks.</summary>
    public const string SepConv5 = "sep_conv_5x5";

    /// <summary>One separable 3x3 block of dilation 2.</summary>
    public const string DilConv3 = "dil_conv_3x3";

    /// <summary>One separable 5x5 block of dilation 2.</summary>
    public const string DilConv5 = "dil_conv_5x5";

    /// <summary>All names, in the order of the columns of alpha.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OperationTable.All.Select(operation => operation.Name)];

    /// <summary>The column of alpha that belongs to a name.</summary>
    /// <exception cref="KeyNotFoundException">No operation has that name; the message lists the known ones.</exception>
    public static int IndexOf(string name)
    {
        for (var index = 0; index < All.Count; index++)
        {
            if (All[index] == name)
            {
                return index;
            }
        }

        throw new KeyNotFoundException($"Unknown operation '{name}'. Known operations: {string.Join(", ", All)}.");
    }
}
