namespace DcpNas.Data.ReIdentification;

/// <summary>What <see cref="PersonDatasetCatalog.Open"/> needs beyond name and folder.</summary>
public sealed record PersonDatasetOptions
{
    /// <summary>Rows to which images are brought, in pixels.</summary>
    [Option("Rows of the images in pixels", Min = 16, Max = 1024)]
    public int Height { get; init; } = 64;

    /// <summary>Columns to which images are brought, in pixels.</summary>
    [Option("Columns of the images in pixels", Min = 16, Max = 1024)]
    public int Width { get; init; } = 32;

    /// <summary>Which of the classic splits of CUHK03.</summary>
    [Option("Which of the classic splits of CUHK03", Min = 0, Max = 19, Formerly = "split")]
    public int SplitId { get; init; }

    /// <summary>Identities of the synthetic training data.</summary>
    [Option("Identities of the synthetic training data, those held out included", Min = 4, Formerly = "persons")]
    public int SyntheticIdentities { get; init; } = 120;

    /// <summary>Identities of the synthetic test data.</summary>
    [Option("Identities of the synthetic test data", Min = 2)]
    public int SyntheticTestIdentities { get; init; } = 100;

    /// <summary>Names the synthetic persons and images; every seed gives other ones.</summary>
    public long SyntheticSeed { get; init; }

    /// <summary>Decoded images are kept in memory if each part fits into so many bytes: 1 GiB by default.</summary>
    [Option("Decoded images are kept in memory if each part fits into so many bytes", Min = 0)]
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Every fault of these options, one sentence each; empty if they can be used.</summary>
    public IReadOnlyList<string> Problems() => [.. OptionDeclaration.Problems(this)];
}
