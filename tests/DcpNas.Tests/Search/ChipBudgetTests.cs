using DcpNas.Cost;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>Budgets in the units of a chip: what is allowed, how an alpha is brought within them, and what is said where nothing fits.</summary>
public sealed class ChipBudgetTests
{
    private const double Kilobyte = 1024;
    private static readonly NetworkGeometry Network = new() { Channels = 16, Cells = 6, InputHeight = 32, InputWidth = 32, Classes = 10, Stem = StemKind.Cifar };
    private readonly AdditiveMeter _meter = new();

    public ChipBudgetTests() => LibTorch.Load();

    [Fact]
    public void Estimate_WhereCostsAreSums_IsTheMeasurement()
    {
        var table = new ChipTable(genotype => _meter.Measure(genotype, Network, new("cortex-m4")));
        Assert.Equal(1 + (3 * 6), _meter.Measured.Count); // skips, and six other operations in three places

        foreach (var seed in Enumerable.Range(0, 20))
        {
            var genotype = Discretizer.Random(seed);
            Assert.Equal(AdditiveMeter.Of(genotype).FlashBytes, table.Estimate(genotype).FlashBytes, 1e-6);
            Assert.Equal(AdditiveMeter.Of(genotype).Instructions, table.Estimate(genotype).Instructions, 1e-3);
        }
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.3)]
    public void Discretize_AboveFlashOrInstructions_GivesAGenotypeThatKeepsToThemAndUsesThem(double share)
    {
        using var architecture = Architecture(Costly);
        var plain = AdditiveMeter.Of(architecture.Discretize());
        foreach (var limits in (ChipLimits[])[new() { MaxFlash = share * plain.FlashBytes }, new() { MaxInstructions = share * plain.Instructions }])
        {
            var (genotype, change) = BudgetedDiscretizer.Discretize(architecture, Budget(limits));

            Assert.InRange(limits.Share(AdditiveMeter.Of(genotype)), 0.8, 1);
            Assert.Contains("on cortex-m4", change, StringComparison.Ordinal);
            Assert.Contains("bytes of flash", change, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Discretize_AboveRamAlone_ChangesNoMoreNodesThanItMust()
    {
        using var architecture = Architecture((edge, column) => (column == 4 ? 2 : 0) + (CellTopology.EndsOf(edge).Input == 0 ? 1 : 0));
        var plain = architecture.Discretize();
        Assert.Equal(4, RamReads(plain.Normal)); // the nodes 4 and 5 read input 0, and, of equal edges, the lower one, which is input 1

        var (genotype, _) = BudgetedDiscretizer.Discretize(architecture, Budget(new ChipLimits { MaxRam = 10 * Kilobyte }));

        Assert.Equal(2, RamReads(genotype.Normal));
        Assert.Equal(2, RamReads(genotype.Reduction));
        var kept = plain.Normal.Nodes.Concat(plain.Reduction.Nodes).Zip(genotype.Normal.Nodes.Concat(genotype.Reduction.Nodes)).Count(pair => pair.First.SequenceEqual(pair.Second));
        Assert.Equal(6, kept); // one node of each cell gave way
    }

    [Fact]
    public void Fit_OfADraw_KeepsWhatFitsAndChangesWhatDoesNot()
    {
        using var architecture = Architecture((_, _) => 0);
        var budget = Budget(new ChipLimits { MaxFlash = 40 * Kilobyte, MaxRam = 10 * Kilobyte, MaxInstructions = 35e6 });
        var changed = 0;
        foreach (var draw in Enumerable.Range(0, 40).Select(seed => Discretizer.Random(seed)))
        {
            var fitted = BudgetedDiscretizer.Fit(draw, architecture, budget);

            Assert.True(budget.Allows(fitted));
            Assert.Equal(budget.Allows(draw), fitted.Equals(draw));
            changed += fitted.Equals(draw) ? 0 : 1;
        }

        Assert.InRange(changed, 10, 40);
    }

    [Fact]
    public void Gradient_AboveFlash_EqualsFiniteDifferencesOfTheTerm()
    {
        using var scope = NewDisposeScope();
        using var architecture = Architecture((edge, column) => Math.Sin((edge * 8) + column));
        const double Limit = 20 * Kilobyte;
        var budget = Budget(new ChipLimits { MaxFlash = Limit }, weight: 3);

        var gradient = budget.Gradient(architecture)[0];

        const double Step = 1e-6;
        using var _ = no_grad();
        var alpha = architecture.Alpha(CellKind.Normal);
        foreach (var (edge, column) in new[] { (0, 4), (13, 7) })
        {
            var before = alpha[edge, column].ToDouble();
            var terms = new List<double>();
            foreach (var step in (double[])[Step, -Step])
            {
                alpha[edge, column] = before + step;
                terms.Add(3 * Flash() / Limit);
            }

            alpha[edge, column] = before;
            Assert.Equal((terms[0] - terms[1]) / (2 * Step), gradient[edge, column].ToDouble(), 1e-6);
            Assert.NotEqual(0, gradient[edge, column].ToDouble());
        }

        // The expectation, written out: a node draws two of its edges evenly, an edge its operation by the softmax without none.
        double Flash() => Kilobyte * (10 + ((CellKind[])[CellKind.Normal, CellKind.Reduction]).Sum(kind => Enumerable.Range(0, CellTopology.EdgeCount).Sum(edge =>
        {
            var row = Enumerable.Range(1, 7).Select(column => Math.Exp(architecture.Alpha(kind)[edge, column].ToDouble())).ToArray();
            return 2.0 / CellTopology.EndsOf(edge).Node * row.Select((p, i) => p / row.Sum() * (i + 1 <= 3 ? 0 : i + 1)).Sum();
        })));
    }

    [Fact]
    public void ThrowIfImpossible_WhereSmallCellsFit_AsksOnce()
    {
        BudgetedDiscretizer.ThrowIfImpossible(Budget(new ChipLimits { MaxFlash = 12 * Kilobyte }));

        Assert.Single(_meter.Measured.Distinct());
    }

    [Fact]
    public void ThrowIfImpossible_WhereNothingFits_NamesTheSmallestAndTheRemedy()
    {
        using var architecture = Architecture(Costly);
        var limits = new ChipLimits { MaxFlash = 64 * Kilobyte, MaxRam = 7.5 * Kilobyte, MaxInstructions = 5e5, Core = "cortex-m0" };

        var error = Assert.Throws<InputException>(() => BudgetedDiscretizer.ThrowIfImpossible(Budget(limits)));

        Assert.Equal(
            "The budget cannot be met on cortex-m0: the smallest genotype found takes 8,192 bytes of RAM (max_ram 7,680), 1,000,000 instructions an image (max_instructions 500,000) "
            + "in a network of 6 cells and 16 channels with the stem cifar on images of 32 x 32. Lower final_channels or final_cells, take final_stem half, take shortcuts of 8 bits, or raise the limit.",
            error.Message);
        Assert.Equal(error.Message, Assert.Throws<InputException>(() => BudgetedDiscretizer.Discretize(architecture, Budget(limits))).Message);
    }

    [Fact]
    public void ThrowIfImpossible_WhereOnlyShortcutsOf8BitsFit_MeasuresWithThem()
    {
        var limits = new ChipLimits { MaxRam = 4.5 * Kilobyte };
        Assert.Throws<InputException>(() => BudgetedDiscretizer.ThrowIfImpossible(Budget(limits)));

        BudgetedDiscretizer.ThrowIfImpossible(Budget(limits with { Shortcuts = 8 }));
        Assert.DoesNotContain(
            "shortcuts of 8 bits,",
            Assert.Throws<InputException>(() => BudgetedDiscretizer.ThrowIfImpossible(Budget(limits with { MaxRam = Kilobyte, Shortcuts = 8 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_OfShortcuts_AreNamed()
    {
        Assert.Equal(["shortcuts must have 8 or 16 bits, got 4."], new ChipLimits { MaxRam = 1, Shortcuts = 4 }.Problems());
        Assert.Equal(["shortcuts is about max_flash, max_ram, max_instructions or core; give one of them, or leave it out."], new SearchOptions { Shortcuts = 8 }.Problems());
        Assert.Equal(new ChipLimits { MaxRam = 2, Shortcuts = 8, Core = "rv32" }, new ChipLimits { Shortcuts = 8 }.Or(new() { MaxRam = 2, Core = "rv32" }));
    }

    [Fact]
    public void Create_ForAnUnknownCore_NamesTheNearest() => Assert.Equal(
        "core must be one of cortex-m0, cortex-m4, got 'cortexm4'. Did you mean 'cortex-m4'?",
        Assert.Throws<InputException>(() => { Budget(new ChipLimits { MaxRam = 1, Core = "cortexm4" }); }).Message);

    [Fact]
    public void Execute_OfARandomSearch_KeepsToTheBudgetOfTheNetworkThatWillBeTrained()
    {
        using var folder = new TemporaryFolder();
        var options = new SearchOptions
        {
            Strategy = SearchStrategy.Random,
            TrainImages = 36,
            BatchSize = 6,
            MaxFlash = 35 * Kilobyte,
            FinalChannels = 8,
            FinalCells = 3,
            FinalStem = StemKind.Half,
            FinalStemMultiplier = 2,
            Threads = 1,
            Workers = 0,
        };

        var outcome = SearchRun.Execute(options, folder["run"], "dcpnas search", new Silent(), _ => { }, CancellationToken.None, _meter);

        Assert.InRange(AdditiveMeter.Of(outcome.Genotype).FlashBytes, 0, 35 * Kilobyte);
        Assert.Equal(new ChipReading(new("cortex-m4"), AdditiveMeter.Of(outcome.Genotype)), outcome.Chip);
        Assert.Equal((8, 3, StemKind.Half, 2), _meter.Networks.Select(network => (network.Channels, network.Cells, network.Stem, network.StemMultiplier)).Single());
        Assert.Contains("flash, bytes", File.ReadAllText(outcome.ReportPath), StringComparison.Ordinal);

        Assert.Equal(
            "max_flash, max_ram and max_instructions need a meter of chips (IChipMeter), as the commands search, select, train and compare have it. Leave them out here.",
            Assert.Throws<InputException>(() => SearchRun.Execute(options, folder["other"], "dcpnas search", new Silent(), _ => { }, CancellationToken.None)).Message);
        Assert.False(Directory.Exists(folder["other"]));
        Assert.Equal(["max_flash must be above 0, got -1."], (options with { MaxFlash = -1 }).Problems());
        Assert.Equal(["final_channels must be even with final_stem image_net, got 7."], (options with { FinalStem = StemKind.ImageNet, FinalChannels = 7 }).Problems());
    }

    private static double Costly(int edge, int column) => (column >= 4 ? 1 : 0) + (0.3 * Math.Cos((edge * 5) + (column * 3)));

    private static int RamReads(CellGenotype cell) => cell.Edges().Count(choice => choice.Node >= 4 && choice.Edge.Input < CellTopology.InputCount);

    private static ArchitectureParameters Architecture(Func<int, int, double> value) => CostBudgetTests.Architecture(value);

    private CostBudget Budget(ChipLimits limits, double weight = 1) => new(new SearchOptions { BudgetWeight = weight }, Network, new ChipBudget(limits, Network, _meter, "final_"));

    private sealed class Silent : ISearchObserver;
}
