using System.Diagnostics;
using System.Text.Json.Nodes;
using DcpNas.Native;
using DcpNas.Runs;

namespace DcpNas.Tests.Runs;

public class RunFolderTests
{
    public RunFolderTests() => LibTorch.Load();

    private static JsonObject Options(double lambda = 0.005, string device = "cpu") => new()
    {
        ["seed"] = 3,
        ["search"] = new JsonObject { ["lambda"] = lambda, ["phases"] = new JsonArray("parent", "child") },
        ["device"] = device,
    };

    private static RunEnvironment Environment(int threads = 1) => RunEnvironment.Collect("cpu") with { Threads = threads };

    private static RunFolder Start(string path, JsonObject? options = null, int threads = 1, params string[] mayChange) =>
        RunFolder.Start(path, options ?? Options(), Environment(threads), "dcpnas search --run 'my run'", mayChange);

    [Fact]
    public void Start_NewFolder_WritesOptionsCommandAndEnvironment()
    {
        using var temporary = new TemporaryFolder();
        using var run = Start(temporary["a/b"]);

        Assert.False(run.IsResumed);
        Assert.Empty(run.EnvironmentChanges);
        Assert.True(JsonNode.DeepEquals(Options(), JsonNode.Parse(run.ReadText("options.json")!)));
        Assert.Equal("dcpnas search --run 'my run'\n", run.ReadText("command.txt"));
        var session = run.ReadJson("environment.json")!["sessions"]!.AsArray().Single()!.AsObject();
        Assert.Equal(
            ["start_time", "dcpnas", "git_commit", "dotnet", "torchsharp", "libtorch", "os", "cpu_model", "cores", "threads", "device", "allocator", "machine", "command"],
            session.Select(pair => pair.Key));
        Assert.Equal("0.107.0", (string?)session["torchsharp"]);
        Assert.StartsWith("2.10", (string?)session["libtorch"]);
        Assert.StartsWith("10.", (string?)session["dotnet"]);
        Assert.Equal(["command.txt", "environment.json", "options.json", "run.holder.json", "run.lock"], Files(run.Path));
    }

    [Fact]
    public void ThreadsKept_WhereOptionsLeaveThemOpen_AreThoseThatTheRunWasBegunWith()
    {
        using var temporary = new TemporaryFolder();
        Assert.Equal(0, RunFolder.ThreadsKept(temporary["run"], 0)); // nothing was begun

        Start(temporary["run"], new JsonObject { ["threads"] = 3 }).Dispose();
        Start(temporary["other"], new JsonObject { ["strategies"] = new JsonArray() }).Dispose();

        Assert.Equal(3, RunFolder.ThreadsKept(temporary["run"], 0));
        Assert.Equal(2, RunFolder.ThreadsKept(temporary["run"], 2)); // who names them is refused later, by their name
        Assert.Equal(0, RunFolder.ThreadsKept(temporary["other"], 0));
    }

    [Fact]
    public void Start_SameOptions_Resumes()
    {
        using var temporary = new TemporaryFolder();
        Start(temporary["run"]).Dispose();

        using var run = Start(temporary["run"], threads: 2);

        Assert.True(run.IsResumed);
        Assert.Equal(["threads: 1 before, 2 now"], run.EnvironmentChanges);
        var warnings = new List<string>();
        run.WarnOfChanges(warnings.Add);
        Assert.Equal(["This session does not run on what the one before ran on, so its numbers may differ in the last digits: threads: 1 before, 2 now."], warnings);
        Assert.Equal(2, run.ReadJson("environment.json")!["sessions"]!.AsArray().Count);
    }

    [Fact]
    public void Start_SameEnvironment_ReportsNoChange()
    {
        using var temporary = new TemporaryFolder();
        Start(temporary["run"]).Dispose();
        using var run = Start(temporary["run"]);
        Assert.Empty(run.EnvironmentChanges);
    }

    [Fact]
    public void Start_OtherOptions_ListsTheDifferingKeys()
    {
        using var temporary = new TemporaryFolder();
        Start(temporary["run"]).Dispose();
        var other = Options(lambda: 0.001);
        other["epochs"] = 50;
        other.Remove("seed");

        var error = Assert.Throws<InputException>(() => Start(temporary["run"], other));

        Assert.Equal(
            $"""
            {temporary["run"]}: holds a run with other options:
              - epochs: absent there, 50 now
              - search.lambda: 0.005 there, 0.001 now
              - seed: 3 there, absent now
            Use the same options to resume it, or another folder for a new run.
            """,
            error.Message);
        Assert.True(JsonNode.DeepEquals(Options(), JsonNode.Parse(File.ReadAllText(temporary["run/options.json"]))));
        using var again = Start(temporary["run"]); // the refused start gave the lock back
    }

    [Fact]
    public void Start_OptionThatMayChange_Resumes()
    {
        using var temporary = new TemporaryFolder();
        Start(temporary["run"]).Dispose();
        using var run = Start(temporary["run"], Options(device: "cuda"), 1, "device");
        Assert.True(run.IsResumed);
        Assert.Equal("cuda", (string?)RunFolder.OpenForReading(run.Path).Options["device"]);
    }

    [Fact]
    public void Start_ForeignFolder_IsRefused()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary["thesis.tex"], "");
        var error = Assert.Throws<InputException>(() => Start(temporary.Path));
        Assert.Equal($"{temporary.Path}: at options.json, expected an empty folder or a run but found no options but 'thesis.tex'. Choose a new folder.", error.Message);
    }

    [Fact]
    public void Start_AfterAKillBeforeTheOptions_Starts()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary["options.json.tmp"], "{");
        File.WriteAllText(temporary["run.holder.json"], "{");
        using var run = Start(temporary.Path);
        Assert.False(run.IsResumed);
    }

    [Fact]
    public void Start_BrokenOptions_NamesTheLine()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary["options.json"], "{\n  \"a\": ,\n}");
        var error = Assert.Throws<InputException>(() => Start(temporary.Path));
        Assert.StartsWith($"{temporary["options.json"]}: at line 2, expected a JSON object but found broken JSON.", error.Message);
    }

    [Fact]
    public void Start_InUseByThisProcess_IsRefused()
    {
        using var temporary = new TemporaryFolder();
        using var run = Start(temporary["run"]);
        Assert.False(run.IsInUseElsewhere);
        Assert.True(RunFolder.OpenForReading(run.Path).IsInUseElsewhere);

        var error = Assert.Throws<InputException>(() => Start(temporary["run"]));

        Assert.Equal(
            $"{temporary["run"]}: is in use by process {System.Environment.ProcessId} on {System.Environment.MachineName}. Wait for it to end, stop it, or use another folder.",
            error.Message);
        run.Dispose();
        Assert.False(RunFolder.OpenForReading(run.Path).IsInUseElsewhere);
    }

    [Fact]
    public void Start_LockedByAnotherProcess_IsRefusedUntilItIsKilled()
    {
        using var temporary = new TemporaryFolder();
        Start(temporary["run"]).Dispose();
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", "import fcntl,sys,time; f=open(sys.argv[1],'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)", temporary["run/run.lock"]])
        {
            start.ArgumentList.Add(argument);
        }

        Process holder;
        try
        {
            holder = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed.");
            return;
        }

        using (holder)
        {
            try
            {
                Assert.Equal("held", holder.StandardOutput.ReadLine());
                var error = Assert.Throws<InputException>(() => Start(temporary["run"]));
                Assert.Contains("is in use by another process.", error.Message);
            }
            finally
            {
                holder.Kill();
                holder.WaitForExit();
            }
        }

        using var run = Start(temporary["run"]);
        Assert.True(run.IsResumed);
    }

    [Fact]
    public void Start_LockTextOfALiveProcess_IsRefusedEvenWithoutAFileLock()
    {
        using var temporary = new TemporaryFolder();
        using var parent = ParentProcess();
        WriteLock(temporary.Path, parent.Id, parent.StartTime);
        var error = Assert.Throws<InputException>(() => Start(temporary.Path));
        Assert.StartsWith($"{temporary.Path}: is in use by process {parent.Id} on ", error.Message);
    }

    [Theory]
    [InlineData(int.MaxValue, 0)]   // no such process
    [InlineData(0, -3600)]          // the number was given to a younger process
    public void Start_StaleLock_IsTakenOver(int process, int startShiftSeconds)
    {
        using var temporary = new TemporaryFolder();
        using var parent = ParentProcess();
        WriteLock(temporary.Path, process == 0 ? parent.Id : process, parent.StartTime.AddSeconds(startShiftSeconds));
        using var run = Start(temporary.Path);
        Assert.Contains($"\"process\":{System.Environment.ProcessId}", File.ReadAllText(temporary["run.holder.json"]));
    }

    [Fact]
    public void Start_DiskFull_SaysSoBeforeTheRun()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        using var temporary = new TemporaryFolder();
        File.CreateSymbolicLink(temporary[".write-probe"], "/dev/full");
        var error = Assert.Throws<InputException>(() => Start(temporary.Path));
        Assert.StartsWith($"{temporary.Path}: cannot be written: No space left on device", error.Message);
    }

    [Fact]
    public void Start_TooLittleSpace_SaysHowMuch()
    {
        using var temporary = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => RunFolder.Start(temporary.Path, Options(), Environment(), "c", neededBytes: long.MaxValue / 2));
        Assert.Matches(@"has \d+ MB of free space, the run needs 4611686018428 MB\. Free disk space, or choose another folder\.$", error.Message);
    }

    [Fact]
    public void Start_WhatTheFolderHoldsAlready_NeedsNoFreeSpace()
    {
        using var temporary = new TemporaryFolder();
        Start(temporary["run"]).Dispose();
        using (var file = File.Create(temporary["run/checkpoint.safetensors"]))
        {
            file.SetLength(1L << 42); // sparse: 4 TB that take no space
        }

        using var run = RunFolder.Start(temporary["run"], Options(), Environment(), "c", neededBytes: 1L << 42);
        Assert.True(run.IsResumed);
    }

    [Fact]
    public void Start_TooLittleSpaceWithAFolderThatMayNotBeRead_SaysWhatWasNotCounted()
    {
        using var temporary = new TemporaryFolder();
        Start(temporary.Path).Dispose();
        using var closed = new ClosedFolder(temporary["train"]);
        var error = Assert.Throws<InputException>(() => RunFolder.Start(temporary.Path, Options(), Environment(), "c", neededBytes: long.MaxValue / 2));
        Assert.EndsWith($" MB (not counted, because they cannot be read: {temporary["train"]}). Free disk space, or choose another folder.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_WithFoldersLinksAndAClosedFolder_TakesFilesOnceAndNamesTheFolder()
    {
        using var temporary = new TemporaryFolder();
        Directory.CreateDirectory(temporary["a/.b"]);
        string[] files = [temporary["1"], temporary["a/2"], temporary["a/.b/.3"]];
        foreach (var file in files)
        {
            File.WriteAllText(file, "");
        }

        Directory.CreateSymbolicLink(temporary["a/circle"], temporary.Path);
        File.CreateSymbolicLink(temporary["link"], files[0]);
        using var closed = new ClosedFolder(temporary["a/closed"]);
        var found = new List<string>();
        Assert.Equal(files, RunFiles.Below(temporary.Path, found).Select(file => file.FullName));
        Assert.Equal([temporary["a/closed"]], found);
    }

    [Theory]
    [InlineData("/proc/dcpnas-run")]
    [InlineData("/proc/self")]
    public void Start_FolderThatCannotBeWritten_SaysSo(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        var error = Assert.Throws<InputException>(() => Start(path));
        Assert.StartsWith($"{path}: cannot be written: ", error.Message);
    }

    [Fact]
    public void Start_BelowAFile_SaysSo()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary["file"], "");
        Assert.Equal($"{temporary["file"]}: is a file. Name a folder for the run.", Assert.Throws<InputException>(() => Start(temporary["file"])).Message);
        Assert.Equal($"{temporary["file/run"]}: {temporary["file"]} is a file. Name a folder for the run.", Assert.Throws<InputException>(() => Start(temporary["file/run"])).Message);
    }

    [Fact]
    public void OpenForReading_NoRun_SaysSo()
    {
        using var temporary = new TemporaryFolder();
        var error = Assert.Throws<InputException>(() => RunFolder.OpenForReading(temporary.Path));
        Assert.Equal($"{temporary.Path}: at options.json, expected the options of a run but found no such file. Name the folder of a run.", error.Message);
    }

    [Fact]
    public void WriteText_Again_ReplacesTheWholeFile()
    {
        using var temporary = new TemporaryFolder();
        using var run = Start(temporary["run"]);
        run.WriteText("x.txt", "a long first text");
        run.WriteText("x.txt", "ä");
        Assert.Equal("ä", run.ReadText("x.txt"));
        Assert.Equal("ä"u8.ToArray(), File.ReadAllBytes(run.PathOf("x.txt")));
        Assert.Null(run.ReadText("y.txt"));
        Assert.DoesNotContain("x.txt.tmp", Files(run.Path));
    }

    private static string[] Files(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static Process ParentProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ');
        return Process.GetProcessById(int.Parse(fields[1]));
    }

    private static void WriteLock(string folder, int process, DateTime started) =>
        File.WriteAllText(
            Path.Combine(folder, "run.holder.json"),
            new JsonObject { ["process"] = process, ["machine"] = System.Environment.MachineName, ["started"] = started.ToUniversalTime().ToString("O") }.ToJsonString());
}
