using System.Text.Json.Nodes;
using DcpNas.Comparison;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Data;
using DcpNas.Tests.Foundation;
using DcpNas.Training;

namespace DcpNas.Tests.Comparison;

public sealed class ComparisonResumeTests
{
    private static readonly ComparisonOptions Three = new() { Strategies = ["dcp", "random"], Seeds = [0, 1, 2] };

    [Fact]
    public void In_ANewFolder_NamesThePrimaryRow()
    {
        using var folder = new TempFolder();
        Assert.Equal("dcp", ComparisonResume.In(folder.Path, Three).All.Primary);
    }

    [Fact]
    public void In_WithFewerSeedsAndRows_DropsNothingThatWasBegun()
    {
        using var folder = new TempFolder();
        Start(folder.Path, Three);
        foreach (var name in (string[])["dcp-seed0", "dcp-seed1", "random-seed0"])
        {
            Begin(folder.Path, name);
        }

        var resume = ComparisonResume.In(folder.Path, Three with { Strategies = ["dcp"], Seeds = [0, 7] });
        Assert.Equal(["dcp-seed0", "dcp-seed7"], resume.Jobs().Select(job => job.Name)); // what this session does
        Assert.Equal([0, 1, 7], resume.All.Seeds); // seed 2 was named, but nothing was done for it
        Assert.Equal(["dcp", "random"], resume.All.Strategies);
        var records = ComparisonResume.Records(folder.Path, resume.All);
        Assert.Equal(3, records.Count(record => record.State == JobState.Begun));
        Start(folder.Path, Three with { Strategies = ["dcp"], Seeds = [0, 7] });
    }

    [Fact]
    public void In_WithAnotherPrimaryRow_IsRefused()
    {
        using var folder = new TempFolder();
        Start(folder.Path, Three);
        var error = Assert.Throws<InputException>(() => Start(folder.Path, Three with { Primary = "random" }));
        Assert.Equal(
            $"{folder.Path}: holds a run with other options:\n  - primary: dcp there, random now\nUse the same options to resume it, or another folder for a new run.", error.Message);
        Start(folder.Path, Three with { Strategies = ["random", "dcp"] }); // its order says nothing once it is named
    }

    [Fact]
    public void In_AFolderOfAnEarlierVersion_ResumesWithItsFirstRow()
    {
        using var folder = new TempFolder();
        var old = Three.ToJson();
        foreach (var key in (string[])["rows", "primary", "search_seeds", "train_seeds", "equal_ops", "population"])
        {
            old.Remove(key);
        }

        foreach (var key in (string[])["max_flash", "max_ram", "max_instructions", "core", "final_stem", "final_stem_multiplier"])
        {
            old["search"]!.AsObject().Remove(key);
        }

        RunFolder.Start(folder.Path, old, RunEnvironment.Collect("cpu"), "dcpnas compare").Dispose();
        Assert.Equal(
            $"{folder.Path}: was begun without a primary row, so it is the first, 'dcp'; 'random' cannot be named once results are known. Leave primary out, or use another folder.",
            Assert.Throws<InputException>(() => ComparisonResume.In(folder.Path, Three with { Primary = "random" })).Message);
        Assert.Contains("equal_ops: ", Assert.Throws<InputException>(() => Start(folder.Path, Three with { EqualOps = false })).Message, StringComparison.Ordinal);
        Start(folder.Path, Three with { Population = "t.jsonl" });
        Start(folder.Path, Three);
        Assert.Equal("t.jsonl", ComparisonResume.In(folder.Path, Three).All.Population); // as nothing else, it is not dropped by leaving it out
        Assert.Equal("dcp", JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, RunFiles.Options)))!["primary"]!.GetValue<string>());
    }

    [Fact]
    public void In_WithARowThatHasAnotherMeaningNow_IsRefusedOnceItWasBegun()
    {
        using var folder = new TempFolder();
        Start(folder.Path, With(5));
        Start(folder.Path, With(6)); // nothing was done for it
        Begin(folder.Path, "mine-seed0");
        Assert.Contains("rows.mine.search.lambda: 6 there, 7 now", Assert.Throws<InputException>(() => Start(folder.Path, With(7))).Message, StringComparison.Ordinal);
        Start(folder.Path, Three); // left out, but kept
        Assert.Equal(["dcp", "random", "mine"], ComparisonResume.In(folder.Path, Three).All.RowNames);

        static ComparisonOptions With(double lambda) =>
            Three with { Rows = new Dictionary<string, RowDefinition> { ["mine"] = new("dcp") { Search = new JsonObject { ["lambda"] = lambda } } } };
    }

    [Fact]
    public void Prepare_OnAComparisonWithARenamedValue_ResumesItAndNamesDifferencesByItsNameOfToday()
    {
        using var folder = new TempFolder();
        var (run, taught) = (folder.File("run"), new TrainOptions { TrainImages = 40, TestImages = 10, Channels = 4, Cells = 3, Teacher = TrainingOptions.FullPrecision });
        var rows = new Dictionary<string, RowDefinition> { ["mine"] = new("random") { Train = new JsonObject { ["teacher"] = TrainingOptions.FullPrecision, ["mu"] = 0.1 } } };
        var options = new ComparisonOptions { Strategies = ["random"], Rows = rows, Seeds = [0], TargetOps = 1e6, Train = taught };
        Assert.Equal(2, Prepare(options));
        Begin(run, "mine-seed0");
        Assert.Equal(2, FormerKeyTests.WriteFormerTeacher(Path.Combine(run, RunFiles.Options)));

        Assert.Contains("  - train.teacher: full_precision there, null now", Assert.Throws<InputException>(() => Prepare(options with { Train = taught with { Teacher = null } })).Message, StringComparison.Ordinal);
        using (var read = RunFolder.OpenForReading(run))
        {
            Assert.Equal(2, ComparisonRun.Unfinished(read).Count);
        }

        Assert.Equal(2, Prepare(options));
        Assert.DoesNotContain("twin", File.ReadAllText(Path.Combine(run, RunFiles.Options)), StringComparison.Ordinal);

        int Prepare(ComparisonOptions asked) => ComparisonRun.Prepare(asked, run, "dcpnas compare", new SilentObserver()).Count;
    }

    private static void Start(string path, ComparisonOptions options)
    {
        var resume = ComparisonResume.In(path, options);
        RunFolder.Start(path, resume.All.ToJson(), RunEnvironment.Collect("cpu"), "dcpnas compare", resume.MayChange).Dispose();
    }

    private static void Begin(string folder, string name)
    {
        var (row, seed) = (name[..name.LastIndexOf("-seed", StringComparison.Ordinal)], int.Parse(name[(name.LastIndexOf("-seed", StringComparison.Ordinal) + 5)..], System.Globalization.CultureInfo.InvariantCulture));
        var job = Path.Combine(folder, ComparisonQueue.Folder, name);
        Directory.CreateDirectory(job);
        File.WriteAllText(Path.Combine(job, "job.json"), new JobRecord { Strategy = row, Seed = seed, State = JobState.Begun }.ToJson().ToJsonString());
    }

    private sealed class SilentObserver : IComparisonObserver
    {
        public void OnStart(IReadOnlyList<JobRecord> records, ComparisonOptions options, double targetOps)
        {
        }

        public void OnProgress(ComparisonJob job, JobStage stage, double share)
        {
        }

        public void OnJob(JobRecord record)
        {
        }

        public void OnRank(string job, int networks)
        {
        }

        public void OnWarning(string text)
        {
        }
    }
}
