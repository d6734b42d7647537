using System.Text.Json.Nodes;
using DcpNas.Candidates;
using DcpNas.Cost;
using DcpNas.Jobs;
using DcpNas.Runs;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Foundation;
using DcpNas.Tests.Populations;
using DcpNas.Tests.Runs;
using DcpNas.Tests.Search;
using DcpNas.Training;

namespace DcpNas.Tests.Candidates;

/// <summary>The choice among candidates of a search: a search of seconds, trainings of seconds.</summary>
public sealed class SelectionRunTests(RankCorrelationRunTests.FinishedSearch search) : IClassFixture<RankCorrelationRunTests.FinishedSearch>
{
    private static readonly TrainOptions Train = new()
    {
        TrainImages = 40,
        TestImages = 10,
        ValidationShare = 0.3,
        Channels = 4,
        Cells = 3,
        Epochs = 4,
        Step1Epochs = 4,
        BatchSize = 7,
        Rate = 0.02,
        ReestimateImages = 0,
        Threads = 1,
        Workers = 0,
    };

    [Fact]
    public void Execute_OnAFinishedSearch_KeepsTheCandidateOfTheLowestValidationLoss()
    {
        using var folder = new TemporaryFolder();
        var run = Copy(folder);

        var outcome = Select(run);

        var own = Genotype.Load(Path.Combine(run, RunFiles.Genotype));
        Assert.Equal(own.ToString(), outcome.Candidates[0].Genotype);
        Assert.Equal(4, outcome.Candidates.Select(candidate => candidate.Genotype).Distinct().Count());
        Assert.Equal(outcome.Candidates.MinBy(candidate => candidate.ValidationLoss)!.Genotype, outcome.Genotype.ToString());
        Assert.Equal(outcome.Genotype, Genotype.Load(outcome.GenotypePath));
        Assert.Equal(new GenotypeSize(4, 3), Genotype.Load(outcome.GenotypePath).Size);
        Assert.Equal(own, Genotype.Load(Path.Combine(run, RunFiles.Genotype))); // alpha's own stays what it is
        Assert.Equal(1, outcome.Epochs); // a quarter of 4
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "selection", RunFiles.Selection)))!;
        Assert.Equal(outcome.Selected, (int)json["selected"]!);
        Assert.Equal(["argmax of alpha", "drawn from alpha", "drawn from alpha", "drawn from alpha"], json["rows"]!.AsArray().Select(row => (string)row!["origin"]!));
        using var read = RunFolder.OpenForReading(run);
        var page = File.ReadAllText(RunReport.Build(read));
        Assert.Contains("4 candidates: the genotype of the search, and others that it prefers.", page, StringComparison.Ordinal);
        Assert.Contains($"{outcome.Selected + 1}, {(outcome.Selected == 0 ? "argmax of alpha" : "drawn from alpha")}, selected", page, StringComparison.Ordinal);
        Assert.Contains("Selected by brief trainings:", page, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(run, "selection"), "*.safetensors*", SearchOption.AllDirectories)); // no weights stay
    }

    [Fact]
    public void Execute_OnASearchThatScoredGenotypes_TrainsTheBestThatDiffer()
    {
        using var folder = new TemporaryFolder();
        var options = RankCorrelationRunTests.FinishedSearch.Options with { Epochs = 1, Strategy = SearchStrategy.Direct, Selection = GenotypeSelection.Sampled, SelectionCandidates = 12 };
        SearchRun.Execute(options, folder["run"], "dcpnas search", search, _ => { }, TestContext.Current.CancellationToken);
        using var run = RunFolder.OpenForReading(folder["run"]);
        var ranked = ScoredGenotypes.Read(run);
        var own = Genotype.Load(run.PathOf(RunFiles.Genotype));

        var outcome = Select(folder["run"], asked => asked with { Candidates = 3, CandidateEpochs = 1, Train = Train with { TwoStep = false } });

        Assert.Equal(12, ranked.Distinct().Count());
        Assert.Equal(own.ToString(), ranked[0].ToString());
        Assert.Equal(ScoredGenotypes.Diverse(ranked, 3).Select(genotype => genotype.ToString()), outcome.Candidates.Select(candidate => candidate.Genotype));
        Assert.Equal(["best by shared weights", "among the best by shared weights", "among the best by shared weights"], Enumerable.Range(0, 3).Select(outcome.OriginOf));

        var fewer = Select(folder["run"], asked => asked with { Candidates = 2, CandidateEpochs = 1, Train = Train with { TwoStep = false } });
        Assert.Equal(Enumerable.Range(0, 3).Select(outcome.OriginOf), Enumerable.Range(0, fewer.Candidates.Count).Select(fewer.OriginOf)); // what is trained stays, and where it came from

        File.Delete(run.PathOf(RunFiles.Scored)); // a search of an earlier version: alpha proposes
        Directory.Delete(run.PathOf(RunFiles.SelectionFolder), recursive: true);
        var drawn = Select(folder["run"], asked => asked with { Candidates = 2, CandidateEpochs = 1, Train = Train with { TwoStep = false } });
        Assert.Equal(["argmax of alpha", "drawn from alpha"], Enumerable.Range(0, 2).Select(drawn.OriginOf));

        File.WriteAllText(run.PathOf(RunFiles.Scored), """{"rows":[{"genotype":3}]}""");
        Assert.Equal(
            $"{run.PathOf(RunFiles.Scored)}: at rows[0].genotype, expected a genotype but found something else. Delete {RunFiles.Genotype} and run the search again: it ends anew from its checkpoint.",
            Assert.Throws<InputException>(() => Select(folder["run"])).Message);
    }

    [Fact]
    public void Execute_CutTwiceAndGoneOnWith_GivesWhatAnUninterruptedOneGives()
    {
        using var folder = new TemporaryFolder();
        var (whole, cut) = (Copy(folder, "whole"), Copy(folder, "cut"));
        var expected = Select(whole);

        foreach (var last in (int[])[0, 2])
        {
            using var cancel = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => Select(cut, progress: (index, share) =>
            {
                if (index == last && share > 0.5)
                {
                    cancel.Cancel();
                }
            }, cancel: cancel));
        }

        var resumed = Select(cut);

        Assert.Equal(expected.Candidates.Select(Result), resumed.Candidates.Select(Result));
        Assert.Equal(expected.Genotype, resumed.Genotype);
        var more = Select(cut, options => options with { Candidates = 5 });
        Assert.Equal(expected.Candidates.Select(Result), more.Candidates.Take(4).Select(Result));
        Assert.Equal(5, more.Candidates.Count);

        static (string, double, double) Result(CandidateRecord candidate) => (candidate.Genotype, candidate.ValidationTop1, candidate.ValidationLoss);
    }

    [Fact]
    public void Execute_ByProcessesThatEndTogether_ChoosesAsOneProcess()
    {
        using var folder = new TemporaryFolder();
        var (alone, pairs) = (Copy(folder, "alone"), Copy(folder, "pairs"));
        var expected = Select(alone, options => options with { Candidates = 2 });

        var outcome = SelectionRun.Execute(
            new SelectionOptions { Run = pairs, Candidates = 2, Train = Train }, "dcpnas select", (_, _) => { }, _ => { }, TestContext.Current.CancellationToken, chips: null,
            new Pairs(Path.Combine(pairs, "selection")));

        Assert.Equal(expected.Candidates.Select(candidate => (candidate.Genotype, candidate.ValidationLoss)), outcome.Candidates.Select(candidate => (candidate.Genotype, candidate.ValidationLoss)));
        Assert.Equal(expected.Genotype, outcome.Genotype);
    }

    /// <summary>Two jobs at a time, done here: both have left their records before the first is said to have ended.</summary>
    private sealed class Pairs(string folder) : IJobProcesses
    {
        private readonly List<(string Job, Action<JobEvent> Tell)> _done = [];

        public int Places => 2;

        public IJobProcess Start(string job, int place, Action<JobEvent> tell)
        {
            SelectionRun.Work(folder, job, 1, "dcpnas job", _ => { }, _ => { }, TestContext.Current.CancellationToken);
            _done.Add((job, tell));
            if (_done.Count == Places)
            {
                _done.ForEach(done => done.Tell(new JobEnded(done.Job, 0, "")));
                _done.Clear();
            }

            return new Done();
        }

        private sealed class Done : IJobProcess
        {
            public void Stop()
            {
            }

            public void Dispose()
            {
            }
        }
    }

    [Fact]
    public void Execute_OnASelectionWithARenamedValue_GoesOnWithIt()
    {
        using var folder = new TemporaryFolder();
        var run = Copy(folder);
        SelectionOptions Asked(SelectionOptions options) => options with { Candidates = 1, Train = Train with { Epochs = 1, Step1Epochs = 1, Teacher = TrainingOptions.FullPrecision } };
        var before = Select(run, Asked);
        Assert.Equal(1, FormerKeyTests.WriteFormerTeacher(Path.Combine(run, "selection", RunFiles.Options)));

        Assert.Contains(
            "  - train.teacher: full_precision there, null now",
            Assert.Throws<InputException>(() => Select(run, options => Asked(options) with { Train = Asked(options).Train with { Teacher = null } })).Message, StringComparison.Ordinal);
        Assert.Equal(before.Candidates, Select(run, Asked).Candidates);
    }

    [Fact]
    public void Execute_OnWhatCannotBeUsed_SaysWhy()
    {
        using var folder = new TemporaryFolder();
        var run = Copy(folder);

        Assert.Equal(
            ["candidates must be 1 to 1000, got 0.", "candidate_epochs must be at least 1, got 0.", "genotype and architecture must be absent: each candidate has its own."],
            Assert.Throws<OptionsException>(() => Select(run, options => options with { Candidates = 0, CandidateEpochs = 0, Train = Train with { Genotype = "Tangent_1" } })).Problems);
        Assert.False(Directory.Exists(Path.Combine(run, "selection")));

        File.Delete(Path.Combine(run, RunFiles.Genotype));
        Assert.Equal(
            $"{run}: at {RunFiles.Genotype}, expected the genotype of a finished search but found no such file. Run the search to its end first.",
            Assert.Throws<InputException>(() => Select(run)).Message);

        var options = JsonFiles.ReadObject(Path.Combine(run, RunFiles.Options));
        options["strategy"] = "random";
        File.WriteAllText(Path.Combine(run, RunFiles.Options), options.ToJsonString());
        Assert.Equal(
            $"{run}: strategy random has no alpha to draw candidates from. Name a search of another strategy, or compare with the row random_k.",
            Assert.Throws<InputException>(() => Select(run)).Message);
    }

    [Fact]
    public void Execute_UnderABudgetOfAChip_TrainsNothingAboveIt()
    {
        using var folder = new TemporaryFolder();
        var run = Copy(folder);
        var own = Genotype.Load(Path.Combine(run, RunFiles.Genotype));
        var meter = new AdditiveMeter();
        var limits = new ChipLimits { MaxFlash = AdditiveMeter.Of(own).FlashBytes - 1 };

        var nothing = new SelectionOptions { Run = run, Candidates = 4, Train = Train with { Stem = StemKind.Half, Channels = null, Cells = null }, Chip = new() { MaxFlash = 100, Core = "cortex-m0" } };
        Assert.Equal(
            $"The budget cannot be met on cortex-m0: the smallest genotype found takes 10,240 bytes of flash (max_flash 100) in a network of {own.Size!.Cells} cells and {own.Size.Channels} channels with the stem half on images of 32 x 32. "
            + "Lower channels or cells, take smaller images, take shortcuts of 8 bits, or raise the limit.",
            Assert.Throws<InputException>(() => SelectionRun.Execute(nothing, "dcpnas select", (_, _) => { }, _ => { }, CancellationToken.None, meter)).Message);
        Assert.False(Directory.Exists(Path.Combine(run, "selection")));

        var warnings = new List<string>();
        var options = new SelectionOptions { Run = run, Candidates = 3, CandidateEpochs = 1, Train = Train with { TwoStep = false }, Chip = limits };
        var outcome = SelectionRun.Execute(options, "dcpnas select", (_, _) => { }, warnings.Add, CancellationToken.None, meter);

        Assert.Equal(3, outcome.Candidates.Select(candidate => candidate.Genotype).Distinct().Count());
        Assert.All(outcome.Candidates, candidate => Assert.True(AdditiveMeter.Of(Genotype.Parse(candidate.Genotype)).FlashBytes <= limits.MaxFlash));
        Assert.Equal(outcome.Candidates.Select(candidate => AdditiveMeter.Of(Genotype.Parse(candidate.Genotype))), outcome.Chips.Select(chip => chip.Amount));
        Assert.Equal("argmax of alpha, fitted to the budget", outcome.OriginOf(0));
        Assert.Contains(warnings, warning => warning.StartsWith("The search's own genotype needs ", StringComparison.Ordinal));
        Assert.Equal((4, 3), meter.Networks.Select(network => (network.Channels, network.Cells)).Last());
        var page = File.ReadAllText(Path.Combine(run, RunFiles.Report));
        Assert.Contains("Validation top-1 against flash on cortex-m4, with the Pareto front", page, StringComparison.Ordinal);
        Assert.Contains("Validation top-1 against RAM on cortex-m4, with the Pareto front", page, StringComparison.Ordinal);
        Assert.Contains("Validation top-1 against instructions on cortex-m4, with the Pareto front", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AFullTraining_ShortensEveryStepAlike()
    {
        var brief = BriefTraining.Of(new TrainOptions { Epochs = 12, Step1Epochs = 24, WarmupEpochs = 5 }, BriefTraining.Epochs(null, new TrainOptions { Epochs = 12 }));

        Assert.Equal((3, 6, 2, 1), (brief.Epochs, brief.Step1Epochs, brief.WarmupEpochs, brief.TestImages));
        Assert.Equal(1, BriefTraining.Epochs(null, new TrainOptions { Epochs = 3 }));
        Assert.Equal(2, BriefTraining.Epochs(null, new TrainOptions { Epochs = 6 }));
        Assert.Equal(7, BriefTraining.Epochs(7, new TrainOptions { Epochs = 12 }));
    }

    private static SelectionOutcome Select(
        string run, Func<SelectionOptions, SelectionOptions>? change = null, Action<int, double>? progress = null, CancellationTokenSource? cancel = null)
    {
        var options = new SelectionOptions { Run = run, Candidates = 4, Train = Train };
        return SelectionRun.Execute(change is null ? options : change(options), "dcpnas select", progress ?? ((_, _) => { }), _ => { }, cancel?.Token ?? TestContext.Current.CancellationToken);
    }

    private string Copy(TemporaryFolder folder, string name = "run")
    {
        var target = folder[name];
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(search.Path).Where(file => Path.GetFileName(file) != RunFiles.Lock))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }
}
