using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Search;

namespace DcpNas.Tests.Search;

/// <summary>Options: strict files, every fault at once, round trips, and the schedule that they plan.</summary>
public class SearchOptionsTests
{
    [Fact]
    public void FromJson_OfItsOwnJson_GivesTheSameOptions()
    {
        var options = new SearchOptions { Strategy = SearchStrategy.Cp, Scheme = BinarizationScheme.Release, MaxOps = 1.5e7, Distance = DistanceKind.Cosine, Guard = GuardAction.Rollback };

        Assert.Equal(options, SearchOptions.FromJson(options.ToJson().ToJsonString(), "x"));
    }

    [Fact]
    public void FromJson_WithComments_KeepsDefaultsOfWhatIsLeftOut()
    {
        var options = SearchOptions.FromJson("// a recipe\n{ \"epochs\": 12, /* few */ }", "x");

        Assert.Equal(new SearchOptions { Epochs = 12 }, options);
    }

    [Fact]
    public void FromJson_WithUnknownKeyAndWrongKinds_NamesAllOfThem()
    {
        var error = Assert.Throws<OptionsException>(() => SearchOptions.FromJson("""{ "batchsize": 3, "epochs": "many", "scheme": "three_bit" }""", "run.json"));

        Assert.StartsWith("run.json cannot be used:\n  - unknown key 'batchsize'. Did you mean 'batch_size'?", error.Message, StringComparison.Ordinal);
        Assert.Equal("epochs must be a whole number, got \"many\".", error.Problems[1]);
        Assert.Equal("scheme must be one of none, paper, release, got \"three_bit\".", error.Problems[2]);
        Assert.Equal($"known keys: {string.Join(", ", SearchOptions.Keys)}.", Assert.Single(error.Problems, problem => problem.StartsWith("known keys", StringComparison.Ordinal)));
    }

    [Fact]
    public void FromJson_WithNullWhereAValueMustBe_SaysWhatIsExpected()
    {
        Assert.Equal(["dataset must be a text, got null.", "epochs must be a whole number, got null."],
            Assert.Throws<OptionsException>(() => SearchOptions.FromJson("""{ "dataset": null, "epochs": null }""", "run.json")).Problems);
        Assert.Null(SearchOptions.FromJson("""{ "data": null }""", "run.json").Data);
    }

    [Fact]
    public void FromJson_WithUnknownKeysFarFromAny_GivesNoHintAndTheKnownOnesOnce()
    {
        var error = Assert.Throws<OptionsException>(() => SearchOptions.FromJson("""{ "height": 3, "quality": 4 }""", "run.json"));

        Assert.Equal(["unknown key 'height'.", "unknown key 'quality'.", $"known keys: {string.Join(", ", SearchOptions.Keys)}."], error.Problems);
    }

    [Fact]
    public void FromJson_OfBrokenJson_NamesTheLine() =>
        Assert.StartsWith("run.json: at line 2, byte 11, expected JSON but found something else", Assert.Throws<InputException>(() => SearchOptions.FromJson("{\n \"epochs\" 3 }", "run.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_OfAMissingFile_SaysSo() =>
        Assert.StartsWith("/no/such.json: the options file cannot be read", Assert.Throws<InputException>(() => SearchOptions.Load("/no/such.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Problems_OfDefaults_AreNone() => Assert.Empty(new SearchOptions().Problems());

    public static TheoryData<SearchOptions, string> BadOptions() => new()
    {
        { new() { Epochs = 0 }, "epochs must be at least 1, got 0." },
        { new() { Epochs = 5 }, "epochs must be at least 2 x rounds (10), a Parent and a Child epoch per round, got 5." },
        { new() { Rounds = 0 }, "rounds must be at least 1, got 0." },
        { new() { Restarts = 0 }, "restarts must be from 1 to 100, got 0." },
        { new() { Restarts = 4, Selection = GenotypeSelection.Sampled, EvaluationImages = 255 }, "evaluation_images must be at least restarts x batch_size (4 x 64) with selection sampled: the supernets of each restart score genotypes on a share of them, in full batches, got 255." },
        { new() { Restarts = 2, Guard = GuardAction.Stop }, "guard must be warn with restarts (2): each starts with a fresh alpha, so that there is none to go back to, got stop." },
        { new() { Cells = 0 }, "cells must be from 3 (two reduction cells and a normal one) to 100, got 0." },
        { new() { Cells = 2 }, "cells must be from 3 (two reduction cells and a normal one) to 100, got 2." },
        { new() { TrainImages = 16 }, "train_images must be at least 20 (two of each class of the synthetic images), got 16." },
        { new() { Dataset = "mnist", TrainImages = 1 }, "train_images must be at least 2, got 1." },
        { new() { Curvature = "fisher-chunks:7", BatchSize = 4 }, "curvature must not ask for more chunks than batch_size (4), got 'fisher-chunks:7'." },
        { new() { Channels = 10, PartialChannels = 4 }, "channels must be a multiple of partial_channels (4) and at least twice it, got 10." },
        { new() { BatchSize = 1 }, "batch_size must be at least 2 (batch normalisation), got 1." },
        { new() { WarmupShare = 1 }, "warmup_share must be in [0, 1), got 1." },
        { new() { Lambda = -1 }, "lambda must be at least 0, got -1." },
        { new() { TangentShare = 1 }, "tangent_share must be in [0, 1), got 1." },
        { new() { Strategy = SearchStrategy.Direct, SelectionScore = SelectionScore.Discrepancy }, "selection_score must be loss with strategy direct: discrepancy needs a Parent and a Child (dcp, cp)." },
        { new() { AlphaTravel = 0 }, "alpha_travel must be above 0, got 0." },
        { new() { ArchitectureRate = 0 }, "architecture_rate must be above 0, got 0." },
        { new() { SelectionCandidates = 1 }, "selection_candidates must be at least 2, got 1." },
        { new() { Mu = -0.5 }, "mu must be at least 0, got -0.5." },
        { new() { Curvature = "newton" }, "curvature must be one of ggn, fisher-chunks:K, exact, none, got 'newton'." },
        { new() { Dataset = "cifar" }, $"dataset must be one of {string.Join(", ", DatasetNames.All)}, got 'cifar'. Did you mean 'cifar10'?" },
        { new() { Dataset = "synthetc" }, $"dataset must be one of {string.Join(", ", DatasetNames.All)}, got 'synthetc'. Did you mean 'synthetic'?" },
        { new() { Dataset = "imagenet" }, $"dataset must be one of {string.Join(", ", DatasetNames.All)}, got 'imagenet'." },
        { new() { BacktrackThreshold = 2 }, "backtrack_threshold must be in [0, 1], got 2." },
        { new() { MaxOps = 0 }, "max_ops must be above 0, got 0." },
        { new() { CollapseShare = 0 }, "collapse_share must be in (0, 1], got 0." },
        { new() { ImageSize = 28, Stem = StemKind.Half }, "image_size must be a multiple of 8 with stem half and at least 8, got 28." },
        { new() { Stem = StemKind.ImageNet }, "stem must be cifar or half, got image_net (for large images take a smaller image_size, and final_stem image_net)." },
        { new() { ImageSize = 30 }, "image_size must be a multiple of 4 and at least 8, got 30." },
        { new() { Scheme = BinarizationScheme.None }, "scheme must be paper or release, got none (strategy parent searches a real-valued network)." },
        { new() { WeightRateEnd = -1 }, "weight_rate_end must be at least 0, got -1." },
        { new() { WeightRate = 0.01, WeightRateEnd = 0.02 }, "weight_rate must be above 0 and not below weight_rate_end, got 0.01 and 0.02." },
        { new() { Workers = 65 }, "workers must be from 0 to 64, got 65." },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Problems_OfABadValue_SayTheRuleAndTheValue(SearchOptions options, string problem) => Assert.Equal([problem], options.Problems());

    [Fact]
    public void Problems_OfSeveralBadValues_ComeAtOnce() => Assert.Equal(3, new SearchOptions { Seed = 1, Lambda = -1, Mu = -1, Cells = 0 }.Problems().Count);

    [Fact]
    public void Plan_OfDcp_AlternatesPhasesAndWarmsUp()
    {
        var plan = SearchSchedule.Plan(new SearchOptions { Epochs = 10, Rounds = 2, WarmupShare = 0.3 });

        Assert.Equal("PPCCCPPCCC", string.Concat(plan.Select(epoch => epoch.Phase.ToString()[0])));
        Assert.Equal("0000011111", string.Concat(plan.Select(epoch => epoch.Round)));
        Assert.Equal([false, false, false, true, true, true, true, true, true, true], plan.Select(epoch => epoch.StepsArchitecture));
        Assert.Equal([0, 2, 5, 7], plan.Where(epoch => epoch.BeginsPhase).Select(epoch => epoch.Index));
        Assert.Equal([1, 4, 6, 9], plan.Where(epoch => epoch.EndsPhase).Select(epoch => epoch.Index));
    }

    [Fact]
    public void Plan_WithRestarts_RepeatsPhasesRatesAndTheTravelOfAlpha()
    {
        var once = new SearchOptions { Epochs = 4, Rounds = 1, WarmupShare = 0.75 };
        var thrice = once with { Restarts = 3 };
        var plan = SearchSchedule.Plan(thrice);

        Assert.Equal("PPCCPPCCPPCC", string.Concat(plan.Select(epoch => epoch.Phase.ToString()[0])));
        Assert.Equal("000011112222", string.Concat(plan.Select(epoch => epoch.Restart)));
        Assert.Equal(Enumerable.Range(0, 12), plan.Select(epoch => epoch.Index));
        Assert.Equal([3, 7, 11], plan.Where(epoch => epoch.StepsArchitecture).Select(epoch => epoch.Index));
        Assert.Equal([4, 8], plan.Where(epoch => epoch.BeginsRestart).Select(epoch => epoch.Index));
        Assert.Equal([11], plan.Where(epoch => epoch.EndsSearch).Select(epoch => epoch.Index));
        Assert.Equal(SearchSchedule.WeightRate(once, 3), SearchSchedule.WeightRate(thrice, 11));
        Assert.Equal(SearchSchedule.ArchitectureRate(once, 18), SearchSchedule.ArchitectureRate(thrice, 18));
    }

    [Theory]
    [InlineData(SearchStrategy.Direct, "CCCC")]
    [InlineData(SearchStrategy.Parent, "PPPP")]
    [InlineData(SearchStrategy.Random, "")]
    public void Plan_OfOneSupernet_IsOnePhase(SearchStrategy strategy, string phases) =>
        Assert.Equal(phases, string.Concat(SearchSchedule.Plan(new SearchOptions { Strategy = strategy, Epochs = 4 }).Select(epoch => epoch.Phase.ToString()[0])));

    [Fact]
    public void WeightRate_OverTheEpochs_IsACosineFromStartToEnd()
    {
        var options = new SearchOptions { Epochs = 5, WeightRate = 0.025, WeightRateEnd = 0.001 };

        Assert.Equal(0.025, SearchSchedule.WeightRate(options, 0), 1e-15);
        Assert.Equal(0.013, SearchSchedule.WeightRate(options, 2), 1e-15);
        Assert.Equal(0.001, SearchSchedule.WeightRate(options, 4), 1e-15);
    }
}
