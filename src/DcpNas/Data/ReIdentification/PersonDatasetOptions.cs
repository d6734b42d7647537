namespace DcpNas.Data.ReIdentification;

/// <summary>What <see cref="PersonDatasetCatalog.Open"/> needs beyond name and folder.</summary>
public sealed record PersonDatasetOptions
{
    /// <summary>Rows to which images are brought, in pixels; 16 to 1024. Default 64.</summary>
    public int Height { get; init; } = 64;

    /// <summary>Columns to which images are brought, in pixels; 16 to 1024. Default 32.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Which of the classic splits of CUHK03, 0 to 19. Default 0.</summary>
    public int Split { get; init; }

    /// <summary>Persons to learn from in the synthetic data; at least 4. Default 120.</summary>
    public int SyntheticPersons { get; init; } = 120;

    /// <summary>Persons to test in the synthetic data; at least 2. Default 100.</summary>
    public int SyntheticTestPersons { get; init; } = 100;

    /// <summary>Names the synthetic persons and images; every seed gives other ones.</summary>
    public long SyntheticSeed { get; init; }

    /// <summary>Decoded images are kept in memory if each part fits into so many bytes. Default 1 GiB.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Every fault of these options, one sentence each; empty if they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Height is >= 16 and <= 1024, $"height must be from 16 to 1024, got {Height}.");
        Check(Width is >= 16 and <= 1024, $"width must be from 16 to 1024, got {Width}.");
        Check(Split is >= 0 and <= 19, $"split must be from 0 to 19, got {Split}.");
        Check(SyntheticPersons >= 4, $"synthetic_persons must be at least 4, got {SyntheticPersons}.");
        Check(SyntheticTestPersons >= 2, $"synthetic_test_persons must be at least 2, got {SyntheticTestPersons}.");
        Check(CacheBytes >= 0, $"cache_bytes must be at least 0, got {CacheBytes}.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }
}
