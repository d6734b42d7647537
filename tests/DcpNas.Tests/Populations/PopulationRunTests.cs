using System.Text.Json.Nodes;
using DcpNas.Cost;
using DcpNas.Populations;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Foundation;
using DcpNas.Tests.Runs;
using DcpNas.Tests.Search;
using DcpNas.Tests.Training;
using DcpNas.Training;

namespace DcpNas.Tests.Populations;

/// <summary>Populations of trainings of a second.</summary>
public class PopulationRunTests
{
    private static readonly PopulationOptions Tiny = new()
    {
        Genotypes = 2,
        Repeat = 1,
        TrainingSeeds = [3],
        Train = TrainFixture.Tiny with { Genotype = null, Seed = 0, Epochs = 1, TwoStep = false, DropPath = 0 },
    };

    [Fact]
    public void Execute_KilledAndResumed_TrainsWhatIsLeftAndGivesTheTableOfAnUninterruptedOne()
    {
        using var folder = new TemporaryFolder();
        var whole = Run(Path.Combine(folder.Path, "whole"), Tiny with { TrainingSeeds = [3, 5] }, new Watcher());
        var path = Path.Combine(folder.Path, "killed");
        using (var cancel = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(() => RunUntil(path, Tiny, new Watcher { AtProgress = (job, share) => Cancel(cancel, job.GenotypeSeed == 2 && share > 0.4) }, cancel.Token));
        }

        Assert.Equal(["random-1-training-3"], PopulationTable.Load(Path.Combine(path, PopulationRun.TableFile)).Networks.Select(network => network.Name));
        var first = File.GetLastWriteTimeUtc(Path.Combine(path, "jobs", "random-1-training-3", RunFiles.Results));
        var resumed = new Watcher();
        var outcome = Run(path, Tiny with { TrainingSeeds = [3, 5] }, resumed); // a seed more, too

        Assert.Equal((3, 1), resumed.Start);
        Assert.Equal(["random-2-training-3", "random-1-training-5"], resumed.Networks);
        Assert.True(resumed.FirstShare > 0, "The training was begun anew.");
        Assert.Equal(first, File.GetLastWriteTimeUtc(Path.Combine(path, "jobs", "random-1-training-3", RunFiles.Results)));
        Assert.Equal(Figures(whole.Table), Figures(outcome.Table));
        Assert.Equal((1, 2), (outcome.Table.Noise!.Genotypes, outcome.Table.Noise.Trainings));
        Assert.All(outcome.Table.Networks, network => Assert.True(network.CpuSeconds > 0 && network.Threads == 1 && network.ValidTop1.Count == 1));
        Assert.Contains("Test top-1 against operations", File.ReadAllText(outcome.PagePath), StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_OnTrainingsOfAnotherCommand_TakesThemAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        var job = new PopulationJob(2, 3);
        var train = Tiny.Train with { Genotype = Discretizer.Random(2).ToString(), Seed = 3, Workers = 1, Threads = 1 };
        new TrainFixture().Run(Path.Combine(folder.Path, "jobs", job.Name), train);
        var table = Path.Combine(folder.Path, "elsewhere.jsonl");
        var watcher = new Watcher();

        var outcome = Run(folder.Path, Tiny with { Genotypes = 2, Train = Tiny.Train with { Threads = 2 } }, watcher, table);

        Assert.Equal((2, 1), watcher.Start);
        Assert.Equal([(1, 2), (2, 1)], outcome.Table.Networks.Select(network => ((int)network.GenotypeSeed, network.Threads)));
        Assert.Equal(table, outcome.TablePath);
        Assert.Equal(outcome.Table.ToText(), File.ReadAllText(table));

        var fewer = Run(folder.Path, Tiny with { Genotypes = 1, DropCheckpoints = true }, new Watcher());

        Assert.Equal(2, fewer.Table.Networks.Count); // naming fewer drops nothing
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Path, "jobs"), "*.safetensors", SearchOption.AllDirectories));
        Assert.Equal(Figures(outcome.Table), Figures(Run(folder.Path, Tiny, new Watcher()).Table));
    }

    [Fact]
    public void Execute_WithTrainingsOfAnotherTable_TakesThemOverAndTrainsTheOthers()
    {
        using var folder = new TemporaryFolder();
        var first = Run(Path.Combine(folder.Path, "first"), Tiny with { Genotypes = 1 }, new Watcher());
        var path = Path.Combine(folder.Path, "second");
        var watcher = new Watcher();

        var outcome = Run(path, Tiny with { From = first.TablePath }, watcher);

        Assert.Equal((2, 1), watcher.Start);
        Assert.Equal(["random-2-training-3"], watcher.Networks);
        Assert.Equal(first.Table.ToText().Split('\n')[1], outcome.Table.ToText().Split('\n')[1]);
        File.Delete(first.TablePath);
        var again = new Watcher();
        Assert.Equal(outcome.Table.ToText().Split('\n')[1..], Run(path, Tiny with { DropCheckpoints = true }, again).Table.ToText().Split('\n')[1..]); // the folder keeps what it took
        Assert.Equal((2, 2), again.Start);
    }

    [Fact]
    public void Execute_OnAPopulationWithAFormerKeyAndValue_GoesOnWithFolderTrainingsAndTable()
    {
        using var folder = new TemporaryFolder();
        var (path, table) = (Path.Combine(folder.Path, "run"), Path.Combine(folder.Path, "t.jsonl"));
        var taught = Tiny with { Genotypes = 1, Train = Tiny.Train with { Teacher = TrainingOptions.FullPrecision } };
        var before = Run(path, taught, new Watcher(), table).Table.ToText();
        string[] files = [Path.Combine(path, RunFiles.Options), Path.Combine(path, "jobs", "random-1-training-3", RunFiles.Options), Path.Combine(path, PopulationRun.TableFile), table];
        Assert.All(files, file => Assert.Equal(1, FormerKeyTests.WriteFormerTeacher(file)));
        File.WriteAllText(files[0], File.ReadAllText(files[0]).Replace("\"repeat\"", "\"repeated\"", StringComparison.Ordinal));

        var (resumed, taken) = (new Watcher(), new Watcher());
        Assert.Equal(before.Split('\n')[1], Run(Path.Combine(folder.Path, "other"), taught with { From = table }, taken).Table.ToText().Split('\n')[1]);
        Assert.Equal((1, 1), taken.Start);
        Assert.Contains(
            "train.teacher: full_precision there, null here",
            Assert.Throws<InputException>(() => Run(path, taught with { Train = Tiny.Train }, new Watcher(), table)).Message, StringComparison.Ordinal);
        var outcome = Run(path, taught, resumed, table);
        Assert.Equal((1, 1), resumed.Start);
        Assert.Equal("full_precision", (string?)outcome.Table.Header.Train["teacher"]);
        Assert.DoesNotContain("twin", string.Concat(new[] { files[0], files[2], table }.Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_WithTrainingsOfAnotherTestbedOrGenotype_RefusesTheTableBeforeThereIsAFolder()
    {
        using var folder = new TemporaryFolder();
        var (path, table) = (Path.Combine(folder.Path, "run"), Path.Combine(folder.Path, "t.jsonl"));
        PopulationFixture.Table(0.5).Save(table);
        Assert.StartsWith($"{table}: a population of another testbed: data.digest", Refused(table), StringComparison.Ordinal);

        var own = Run(Path.Combine(folder.Path, "own"), Tiny with { Genotypes = 1 }, new Watcher()).Table;
        var other = Discretizer.Random(9).ToString();
        new PopulationTable(own.Header, [own.Networks[0] with { Genotype = other }], "t").Save(table);
        Assert.Equal(
            $"{table}: at random-1-training-3, expected the random genotype of its seed, as dcpnas population trains it but found {other}. Take a table that this version of dcpnas population wrote.", Refused(table));
        Assert.False(Directory.Exists(path));

        string Refused(string from) => Assert.Throws<InputException>(() => Run(path, Tiny with { From = from }, new Watcher())).Message;
    }

    [Fact]
    public void Execute_OnATrainingOfOtherOptions_NamesTheFirstAndTrainsNothing()
    {
        using var folder = new TemporaryFolder();
        var job = Path.Combine(folder.Path, "jobs", "random-2-training-3");
        new TrainFixture().Run(job, Tiny.Train with { Genotype = Discretizer.Random(2).ToString(), Seed = 3, Rate = 0.02 });
        var watcher = new Watcher();

        var error = Assert.Throws<InputException>(() => Run(folder.Path, Tiny, watcher));

        Assert.Equal($"{job}: holds a training of other options: train.rate: 0.02 there, 0.01 here. Use the same options to go on with it, or another folder for a new population.", error.Message);
        Assert.Empty(watcher.Networks);
        Assert.Equal([job], Directory.EnumerateDirectories(Path.Combine(folder.Path, "jobs")));
    }

    [Fact]
    public void Execute_OnATrainingOfAnotherGenotype_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var job = Path.Combine(folder.Path, "jobs", "random-1-training-3");
        var other = Discretizer.Random(9);
        new TrainFixture().Run(job, Tiny.Train with { Genotype = other.ToString(), Seed = 3 });

        var error = Assert.Throws<InputException>(() => Run(folder.Path, Tiny, new Watcher()));

        Assert.StartsWith($"{job}: holds a training of other options: genotype: {other} there, {Discretizer.Random(1)} here.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_WithATrainingThatFails_NamesItAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        var broken = Path.Combine(folder.Path, "jobs", "random-1-training-3");
        Directory.CreateDirectory(broken);
        File.WriteAllText(Path.Combine(broken, "notes.txt"), "mine");

        var outcome = Run(folder.Path, Tiny, new Watcher());

        var failure = Assert.Single(outcome.Failures);
        Assert.Equal("random-1-training-3", failure.Name);
        Assert.StartsWith($"{broken}: at options.json, expected an empty folder or a run but found no options but 'notes.txt'.", failure.Error, StringComparison.Ordinal);
        Assert.Equal(["random-2-training-3"], outcome.Table.Networks.Select(network => network.Name));
    }

    [Fact]
    public void Execute_OverATableOfAnotherTestbed_IsRefusedBeforeAnyTraining()
    {
        using var folder = new TemporaryFolder();
        var table = Path.Combine(folder.Path, "t.jsonl");
        PopulationFixture.Table(0.5).Save(table);

        var error = Assert.Throws<InputException>(() => Run(Path.Combine(folder.Path, "run"), Tiny, new Watcher(), table));

        Assert.Equal($"{table}: holds a population of another testbed: data.digest: sha256:00 there, {DcpNas.Data.DatasetDigest.Of(SmallImages.Pair())} here. Name another file with --out.", error.Message);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "run")));
    }

    [Fact]
    public void Problems_OfOptionsOutOfRange_NamesAll()
    {
        var options = new PopulationOptions { Genotypes = 0, TrainingSeeds = [1, 1], Repeat = 0, Train = new TrainOptions { Genotype = "DDPNAS_MCN_2", Seed = 2 } };

        Assert.Equal(
        [
            "genotypes must be 1 to 1000000, got 0.",
            "repeat must be at least 1, got 0.",
            "training_seeds must hold at least one, each once, got [1, 1].",
            "genotype, architecture and seed must be absent: each training has its own; name training_seeds.",
        ], options.Problems());
    }

    [Fact]
    public void Execute_WithACore_ShowsWhatNetworksTakeAndMeasuresEachOnce()
    {
        using var folder = new TemporaryFolder();
        var (meter, one) = (new AdditiveMeter(), Tiny with { Genotypes = 1, Core = "cortex-m4" });
        var plain = Execute(one with { Core = null });
        Assert.DoesNotContain("On cortex", File.ReadAllText(plain.PagePath), StringComparison.Ordinal);
        Assert.Empty(meter.Measured);

        var page = File.ReadAllText(Execute(one).PagePath); // the training is finished: the page alone is new
        Execute(one);

        Assert.Equal([Discretizer.Random(1)], meter.Measured);
        Assert.Equal(Tiny.Train.Channels, meter.Networks.Single().Channels);
        foreach (var what in (string[])["flash", "RAM", "instructions"])
        {
            Assert.Contains($"Test top-1 against {what} on cortex-m4, with the Pareto front", page, StringComparison.Ordinal);
        }

        Assert.Contains("On cortex-m4", File.ReadAllText(Execute(one with { Core = null }).PagePath), StringComparison.Ordinal);
        Execute(one with { Core = "cortex-m0" });
        Assert.Equal(2, meter.Measured.Count);
        var bytes = Execute(one with { Shortcuts = 8 }).PagePath;
        Assert.Contains("On cortex-m4 with shortcuts of 8 bits", File.ReadAllText(bytes), StringComparison.Ordinal);
        Assert.Equal(3, meter.Measured.Count); // another RAM
        using (var run = RunFolder.OpenForReading(folder.Path))
        {
            var chips = PopulationChips.In(run)!;
            Assert.Equal(new ChipTarget("cortex-m4", 8), chips.Target);
            Assert.Equal(AdditiveMeter.Of(Discretizer.Random(1)).ArenaBytes / 2, chips.Networks.Single().Value.ArenaBytes);
        }

        Assert.Equal(["shortcuts is about core; name a core, or leave it out."], (Tiny with { Shortcuts = 8 }).Problems());
        Assert.Equal(["shortcuts must have 8 or 16 bits, got 4."], (one with { Shortcuts = 4 }).Problems());
        Assert.Contains("got 'z80'", Assert.Throws<InputException>(() => Execute(one with { Core = "z80" })).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, PopulationChips.File), """{ "core": "cortex-m4", "networks": 3 }""");
        Assert.Contains("chips.json: at networks, expected a list but found 3.", Assert.Throws<InputException>(() => Execute(one)).Message, StringComparison.Ordinal);

        PopulationOutcome Execute(PopulationOptions options) =>
            PopulationRun.Execute(options, SmallImages.Pair(), folder.Path, null, "dcpnas population", new Watcher(), CancellationToken.None, chips: meter);
    }

    [Theory]
    [InlineData("random-12-training-3", 12, 3)]
    [InlineData("random-012-training-3", null, null)]
    [InlineData("random-1-training-3-old", null, null)]
    [InlineData("log-1-0.txt", null, null)]
    public void FromName_OfAFolder_IsItsTrainingOrNone(string name, int? genotype, int? training)
    {
        var job = PopulationJob.FromName(name);

        Assert.Equal(((long?)genotype, training), (job?.GenotypeSeed, job?.TrainingSeed));
    }

    private static PopulationOutcome Run(string folder, PopulationOptions options, Watcher watcher, string? table = null) =>
        PopulationRun.Execute(options, SmallImages.Pair(), folder, table, "dcpnas population", watcher, CancellationToken.None);

    private static PopulationOutcome RunUntil(string folder, PopulationOptions options, Watcher watcher, CancellationToken cancel) =>
        PopulationRun.Execute(options, SmallImages.Pair(), folder, null, "dcpnas population", watcher, cancel);

    private static void Cancel(CancellationTokenSource cancel, bool now)
    {
        if (now)
        {
            cancel.Cancel();
        }
    }

    /// <summary>Every network without what depends on the clock.</summary>
    private static string[] Figures(PopulationTable table) =>
        [.. table.Networks.OrderBy(network => network.Name, StringComparer.Ordinal).Select(network =>
        {
            var json = new PopulationTable(table.Header, [network with { Seconds = 0, CpuSeconds = null }], "t").ToText().Split('\n')[1];
            return JsonNode.Parse(json)!.ToJsonString();
        })];

    private sealed class Watcher : IPopulationObserver
    {
        public (int Jobs, int Finished) Start { get; private set; }

        public double? FirstShare { get; private set; }

        public List<string> Networks { get; } = [];

        public Action<PopulationJob, double>? AtProgress { get; init; }

        public void OnStart(int jobs, int finished) => Start = (jobs, finished);

        public void OnProgress(PopulationJob job, double share)
        {
            FirstShare ??= share;
            AtProgress?.Invoke(job, share);
        }

        public void OnNetwork(PopulationNetwork network) => Networks.Add(network.Name);

        public void OnFailure(PopulationFailure failure)
        {
        }

        public void OnWarning(string text)
        {
        }
    }
}
