using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Comparison;
using DcpNas.Cost;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Search;

namespace DcpNas.Tests.Comparison;

/// <summary>Limits in the units of a chip on all networks of a comparison.</summary>
public sealed class ComparisonBudgetTests
{
    private readonly AdditiveMeter _meter = new();

    private static ComparisonOptions Options => new()
    {
        Strategies = ["direct", "random_k"],
        EqualOps = false,
        Search = new SearchOptions { MaxFlash = 50 * 1024 },
        Train = new TrainOptions { TrainImages = 40, TestImages = 20, Cells = 3, Channels = 4, Stem = StemKind.Half, StemMultiplier = 2 },
    };

    [Fact]
    public void Of_WithLimits_SearchesForTheNetworkThatIsTrained()
    {
        var wide = Options with { Rows = new Dictionary<string, RowDefinition> { ["wide"] = new("direct") { Train = new JsonObject { ["channels"] = 6 } } } };
        var search = ComparisonEntries.Of(wide).ToDictionary(row => row.Name, row => row.Search);

        Assert.Equal((4, 3, StemKind.Half, 2), (search["direct"].FinalChannels, search["direct"].FinalCells, search["direct"].FinalStem, search["direct"].FinalStemMultiplier));
        Assert.Equal(6, search["wide"].FinalChannels);
        Assert.Equal(new SearchOptions().FinalChannels, ComparisonEntries.Of(Options with { Search = new SearchOptions() })[0].Search.FinalChannels); // without limits as it was
    }

    [Fact]
    public void Prepare_WithLimits_MeasuresTheNetworkOfTheTraining()
    {
        var setup = ComparisonSetup.Prepare(Options, _meter);
        var row = ComparisonEntries.Of(Options)[0];
        var budget = setup.BudgetOf(row)!;

        var network = Assert.Single(_meter.Networks);
        Assert.Equal((4, 3, StemKind.Half, 2, 10), (network.Channels, network.Cells, network.Stem, network.StemMultiplier, network.Classes));
        var genotypes = Enumerable.Range(0, 50).Select(seed => Discretizer.Random(seed)).ToList();
        Assert.All(genotypes, genotype => Assert.Equal(AdditiveMeter.Of(genotype).FlashBytes <= 50 * 1024, budget.Allows(genotype)));
        Assert.Equal(AdditiveMeter.Of(genotypes[0]), setup.OnChip(row, genotypes[0]));
        Assert.Null(setup.OnChip(row with { Search = new SearchOptions() }, genotypes[0]));
        Assert.Null(setup.OnChip(row with { Train = row.Train with { Scheme = BinarizationScheme.None } }, genotypes[0]));
    }

    [Fact]
    public void Prepare_WithLimitsThatCannotBe_SaysWhich()
    {
        Assert.StartsWith("max_flash, max_ram and max_instructions need a meter of chips", Refused(Options, chips: null), StringComparison.Ordinal);
        Assert.Contains("core must be one of cortex-m0, cortex-m4, got 'm4'.", Refused(Options with { Search = Options.Search with { Core = "m4" } }, _meter), StringComparison.Ordinal);
        Assert.Contains("Lower train.channels or train.cells", Refused(Options with { Search = Options.Search with { MaxFlash = 1 } }, _meter), StringComparison.Ordinal);

        var large = Enumerable.Range(0, 100).Select(seed => Discretizer.Random(seed)).First(genotype => AdditiveMeter.Of(genotype).FlashBytes > 50 * 1024);
        var given = Options with { Rows = new Dictionary<string, RowDefinition> { ["mine"] = new(large.ToString()) } };
        Assert.Matches("^mine: its network exceeds the budget of the comparison: .* on cortex-m4 [0-9,]+ bytes of flash, .*Leave the row out", Refused(given, _meter));

        static string Refused(ComparisonOptions options, IChipMeter? chips) => Assert.Throws<InputException>(() => ComparisonSetup.Prepare(options, chips)).Message;
    }
}
