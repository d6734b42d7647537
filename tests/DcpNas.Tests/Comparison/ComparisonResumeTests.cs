using System.Text.Json.Nodes;
using DcpNas.Comparison;
using DcpNas.Runs;
using DcpNas.Tests.Data;

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
            Begin(folder, name);
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
        Begin(folder, "mine-seed0");
        Assert.Contains("rows.mine.search.lambda: 6 there, 7 now", Assert.Throws<InputException>(() => Start(folder.Path, With(7))).Message, StringComparison.Ordinal);
        Start(folder.Path, Three); // left out, but kept
        Assert.Equal(["dcp", "random", "mine"], ComparisonResume.In(folder.Path, Three).All.RowNames);

        static ComparisonOptions With(double lambda) =>
            Three with { Rows = new Dictionary<string, RowDefinition> { ["mine"] = new("dcp") { Search = new JsonObject { ["lambda"] = lambda } } } };
    }

    private static void Start(string path, ComparisonOptions options)
    {
        var resume = ComparisonResume.In(path, options);
        RunFolder.Start(path, resume.All.ToJson(), RunEnvironment.Collect("cpu"), "dcpnas compare", resume.MayChange).Dispose();
    }

    private static void Begin(TempFolder folder, string name)
    {
        var (row, seed) = (name[..name.LastIndexOf("-seed", StringComparison.Ordinal)], int.Parse(name[(name.LastIndexOf("-seed", StringComparison.Ordinal) + 5)..], System.Globalization.CultureInfo.InvariantCulture));
        folder.Write(System.Text.Encoding.UTF8.GetBytes(new JobRecord { Strategy = row, Seed = seed, State = JobState.Begun }.ToJson().ToJsonString()), ComparisonQueue.Folder, name, "job.json");
    }
}
