using DcpNas.Comparison;
using DcpNas.Jobs;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Data;

namespace DcpNas.Tests.Comparison;

public sealed class ComparisonQueueTests
{
    private static readonly IReadOnlyList<ComparisonJob> Jobs = ComparisonJob.Plan(new ComparisonOptions { Strategies = ["dcp", "random"], Seeds = [3, 4] });

    [Fact]
    public void Run_OfFourJobs_SearchesAndTrainsEachOnceSeedBySeed()
    {
        using var folder = new TempFolder();
        var work = new FakeWork();
        var (queue, after) = (new ComparisonQueue(folder.Path, Jobs, work, new Silence()), 0);
        queue.Run(() => after++, TestContext.Current.CancellationToken);

        Assert.Equal(["search dcp-seed3", "train dcp-seed3", "search random-seed3", "train random-seed3", "search dcp-seed4", "train dcp-seed4", "search random-seed4", "train random-seed4"], work.Log);
        Assert.Equal(4, after);
        Assert.All(queue.Records, record => Assert.Equal((JobState.Finished, Discretizer.Random(record.Seed).ToString(), record.Seed / 10.0), (record.State, record.Genotype, record.Result!.Top1)));
    }

    [Fact]
    public void Run_InProcesses_DoesEachJobOnceAndRecordsThatOneDied()
    {
        using var folder = new TempFolder();
        var work = new FakeWork { Fault = name => name == "train dcp-seed3" ? new DivergedException("The loss is NaN.") : null };
        var inProcess = new ComparisonQueue(folder.Path, Jobs, work, new Silence());
        var queue = new ComparisonQueue(folder.Path, Jobs, new FakeWork(), new Silence());
        var after = 0;
        queue.Run(new InProcess(inProcess, dies: "random-seed4"), () => after++, TestContext.Current.CancellationToken);

        Assert.Equal(4, after);
        Assert.Equal([JobState.Failed, JobState.Finished, JobState.Finished, JobState.Failed], queue.Records.Select(record => record.State));
        Assert.Equal("The loss is NaN.", queue.Records[0].Error);
        Assert.Equal("Its process ended with exit code 137: last words", queue.Records[3].Error);
        Assert.Equal(["dcp-seed3", "random-seed4"], queue.Pending().Select(job => job.Name));

        // What another process does is not done a second time.
        using var other = DcpNas.Runs.RunLock.Take(Path.Combine(folder.Path, ComparisonQueue.Folder, "dcp-seed3"));
        Assert.Contains("is in use by process", Assert.Throws<InputException>(() => inProcess.Do(Jobs[0], TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pending_OfARowThatSharesASearch_WaitsForIt()
    {
        using var folder = new TempFolder();
        var jobs = ComparisonJob.Plan(new ComparisonOptions { Strategies = ["dcp", "random_k"], Seeds = [3] });

        var pending = new ComparisonQueue(folder.Path, jobs, new FakeWork(), new Silence()).Pending().ToList();

        Assert.Equal([("dcp-seed3", ""), ("random_k-seed3", "dcp-seed3")], pending.Select(job => (job.Name, string.Join(',', job.After))));
    }

    [Fact]
    public void Run_Again_TouchesNoFinishedJob()
    {
        using var folder = new TempFolder();
        new ComparisonQueue(folder.Path, Jobs, new FakeWork(), new Silence()).Run(() => { }, TestContext.Current.CancellationToken);
        var work = new FakeWork();
        new ComparisonQueue(folder.Path, Jobs, work, new Silence()).Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Empty(work.Log);
    }

    [Fact]
    public void Run_WithAFailingJob_RecordsItGoesOnAndTriesItAgainNextTime()
    {
        using var folder = new TempFolder();
        var work = new FakeWork { Fault = name => name == "train dcp-seed3" ? new DivergedException("The loss is NaN.") : name == "search random-seed4" ? new ArithmeticException("Boom.\nMore.") : null };
        var queue = new ComparisonQueue(folder.Path, Jobs, work, new Silence());
        queue.Run(() => { }, TestContext.Current.CancellationToken);

        Assert.Equal([JobState.Failed, JobState.Finished, JobState.Finished, JobState.Failed], queue.Records.Select(record => record.State));
        Assert.Equal("The loss is NaN.", queue.Records[0].Error);
        Assert.Equal("ArithmeticException: Boom.", queue.Records[3].Error);

        work = new FakeWork();
        queue = new ComparisonQueue(folder.Path, Jobs, work, new Silence());
        queue.Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["train dcp-seed3", "search random-seed4", "train random-seed4"], work.Log); // the finished search is not repeated
        Assert.All(queue.Records, record => Assert.Equal((JobState.Finished, null), (record.State, record.Error)));
    }

    [Fact]
    public void Run_Cancelled_LeavesTheJobBegunAndGoesOnThere()
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        var work = new FakeWork { Fault = name => name == "train random-seed3" ? Cancel() : null };
        var queue = new ComparisonQueue(folder.Path, Jobs, work, new Silence());
        Assert.Throws<OperationCanceledException>(() => queue.Run(() => { }, source.Token));
        Assert.Equal([JobState.Finished, JobState.Begun, JobState.Waiting, JobState.Waiting], queue.Records.Select(record => record.State));

        work = new FakeWork();
        new ComparisonQueue(folder.Path, Jobs, work, new Silence()).Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Equal("train random-seed3", work.Log[0]);
        Assert.Equal(5, work.Log.Count);

        OperationCanceledException Cancel()
        {
            source.Cancel();
            return new OperationCanceledException();
        }
    }

    [Fact]
    public void Read_OfADamagedRecord_NamesTheFile()
    {
        using var folder = new TempFolder();
        folder.Write("{ \"strategy\": \"dcp\", \"seed\": 3, \"state\": \"asleep\" }"u8.ToArray(), ComparisonQueue.Folder, "dcp-seed3", "job.json");
        var path = Path.Combine(folder.Path, ComparisonQueue.Folder, "dcp-seed3", "job.json");
        Assert.Equal(
            $"{path}: at $.state, expected the record of a job but found something else. Delete the folder of the job to run it again.",
            Assert.Throws<InputException>(() => ComparisonQueue.Read(folder.Path, Jobs[0])).Message);
    }

    [Fact]
    public void Plan_OfRowsWithTheSameSearch_SharesTheirJobs()
    {
        var options = new ComparisonOptions { Strategies = ["distance_frobenius", "curvature_ggn", "distance_l1", "random"], Seeds = [0] };
        Assert.Equal(["dcp-seed0", "distance_l1-seed0", "random-seed0"], ComparisonJob.Plan(options).Select(job => job.Name));

        // With another base the same names ask for searches of their own.
        options = options with { Search = new SearchOptions { Curvature = "exact" } };
        Assert.Equal(["dcp-seed0", "curvature_ggn-seed0", "distance_l1-seed0", "random-seed0"], ComparisonJob.Plan(options).Select(job => job.Name));
        Assert.Equal("ggn", ComparisonJob.Plan(options)[1].Row.Search.Curvature);
    }

    [Fact]
    public void Plan_WithSeedsOfTheirOwnForTrainings_TrainsEverySearchWithAllOfThem()
    {
        var options = new ComparisonOptions { Strategies = ["dcp", "Tangent_1"], SearchSeeds = [4, 5], TrainSeeds = [0, 1] };
        var jobs = ComparisonJob.Plan(options);
        Assert.Equal(["dcp-seed4", "dcp-seed5", "Tangent_1-seed0", "Tangent_1-seed1"], jobs.Select(job => job.Name)); // a given genotype has no search seed
        Assert.Equal([[0, 1], [0, 1], [0], [1]], jobs.Select(job => job.TrainSeeds));
        Assert.Equal([4, 5], jobs.Take(2).Select(job => job.Row.Search.Seed));
        Assert.Equal(["train-seed0", "train-seed1", "train"], [jobs[0].TrainFolderOf(0), jobs[0].TrainFolderOf(1), jobs[2].TrainFolderOf(0)]);
    }

    [Fact]
    public void Plan_WithRandomK_RunsItAfterThePrimaryRowWhoseTimeItTakes()
    {
        var jobs = ComparisonJob.Plan(new ComparisonOptions { Strategies = ["random_k", "cp", "dcp"], Primary = "dcp", Seeds = [7] });
        Assert.Equal(["cp-seed7", "dcp-seed7", "random_k-seed7"], jobs.Select(job => job.Name));
        Assert.Equal("dcp-seed7", jobs[2].BudgetFrom);
    }

    [Fact]
    public void Run_WithTwoTrainingSeeds_TrainsTheFoundGenotypeTwiceAndKeepsTheMean()
    {
        using var folder = new TempFolder();
        var options = new ComparisonOptions { Strategies = ["dcp"], SearchSeeds = [3], TrainSeeds = [2, 4] };
        var work = new FakeWork { Top1 = (_, trainSeed) => trainSeed / 10.0 };
        var queue = new ComparisonQueue(folder.Path, ComparisonJob.Plan(options), work, new Silence());
        queue.Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["search dcp-seed3", "train dcp-seed3 with 2", "train dcp-seed3 with 4"], work.Log);
        Assert.Equal(0.3, queue.Records[0].Result!.Top1, 1e-12);

        // One more training of the same genotype: nothing is searched or trained again.
        work = new FakeWork { Top1 = (_, trainSeed) => trainSeed / 10.0 };
        queue = new ComparisonQueue(folder.Path, ComparisonJob.Plan(options with { TrainSeeds = [2, 4, 9] }), work, new Silence());
        Assert.Equal(JobState.Begun, queue.Records[0].State);
        queue.Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["train dcp-seed3 with 9"], work.Log);
        Assert.Equal([2, 4, 9], queue.Records[0].Trainings.Select(training => training.Seed));
        Assert.Equal(0.5, queue.Records[0].Result!.Top1, 1e-12);
    }

    [Fact]
    public void Run_OfRowsThatSearchAlike_SearchesOnceAndTrainsBoth()
    {
        using var folder = new TempFolder();
        var options = new ComparisonOptions { Strategies = ["dcp"], Seeds = [3], Rows = Rows(("long", new RowDefinition("dcp") { Train = new() { ["epochs"] = 200 } })) };
        var work = new FakeWork();
        new ComparisonQueue(folder.Path, ComparisonJob.Plan(options), work, new Silence()).Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["search dcp-seed3", "train dcp-seed3", "train long-seed3"], work.Log);
    }

    [Fact]
    public void Run_OfRandomK_HandsItTheTimeOfThePrimarySearchAndSaysWhyItCannot()
    {
        using var folder = new TempFolder();
        var jobs = ComparisonJob.Plan(new ComparisonOptions { Strategies = ["dcp", "random_k"], Seeds = [3] });
        var work = new FakeWork { Fault = name => name == "search dcp-seed3" ? new DivergedException("The loss is NaN.") : null };
        var queue = new ComparisonQueue(folder.Path, jobs, work, new Silence());
        queue.Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Equal(
            "dcp-seed3, whose search says how much CPU time there is, has found no genotype (The loss is NaN). Run its row and this seed first.", queue.Records[1].Error);

        work = new FakeWork { CpuSeconds = 12.5 };
        queue = new ComparisonQueue(folder.Path, jobs, work, new Silence());
        queue.Run(() => { }, TestContext.Current.CancellationToken);
        Assert.Equal(["search dcp-seed3", "train dcp-seed3", "search random_k-seed3 for 12.5 s", "train random_k-seed3"], work.Log);
    }

    [Fact]
    public void Read_OfARecordOfAnEarlierVersion_KeepsItsOneTraining()
    {
        using var folder = new TempFolder();
        folder.Write(
            """{ "strategy": "dcp", "seed": 3, "state": "finished", "genotype": "g", "result": { "channels": 8, "cells": 3, "ops": 1e6, "ops_deviation": 0, "mbit": 1, "test_images": 100, "top1": 0.5, "top5": 0.9, "loss": 1, "search_seconds": 2, "train_seconds": 3 } }"""u8.ToArray(),
            ComparisonQueue.Folder, "dcp-seed3", "job.json");
        var record = ComparisonQueue.Read(folder.Path, Jobs[0]);
        Assert.Equal((JobState.Finished, 3, 0.5), (record.State, record.Trainings.Single().Seed, record.Trainings.Single().Result.Top1));
    }

    [Fact]
    public void Progress_OfAResumedComparison_CountsWhatIsDoneAndTimesOnlyToday()
    {
        JobRecord[] records =
        [
            new() { Strategy = "dcp", Seed = 0, State = JobState.Finished, Genotype = "g", Result = FakeWork.Result(0) },
            new() { Strategy = "dcp", Seed = 1, State = JobState.Begun, Genotype = "g" },
        ];
        var progress = new ComparisonProgress(records);
        Assert.Equal(0.75, progress.Fraction);
        Assert.Null(progress.TimeLeft);

        var job = ComparisonJob.Plan(new ComparisonOptions { Strategies = ["dcp"], Seeds = [1] })[0];
        progress.Add(job, JobStage.Train, 0.5); // where the checkpoint stood
        Assert.Equal(0.875, progress.Fraction);
        Assert.Null(progress.TimeLeft);
        progress.Add(job, JobStage.Train, 0.75);
        Assert.NotNull(progress.TimeLeft);
        progress.Add(job, JobStage.Train, 1);
        Assert.Equal((1.0, TimeSpan.Zero), (progress.Fraction, progress.TimeLeft));
    }

    private static OrderedDictionary<string, RowDefinition> Rows(params IEnumerable<(string Name, RowDefinition Row)> rows) =>
        new(rows.Select(row => KeyValuePair.Create(row.Name, row.Row)));

    /// <summary>Records what it was asked to do; fails where it is told to.</summary>
    /// <summary>Does jobs at once in this process, but for one, which dies.</summary>
    private sealed class InProcess(ComparisonQueue queue, string dies) : IJobProcesses
    {
        public int Places => 2;

        public IJobProcess Start(string job, int place, Action<JobEvent> tell)
        {
            tell(new JobProgressed(job, $"{JobStage.Train}", 0.5));
            if (job != dies)
            {
                queue.Do(Jobs.First(planned => planned.Name == job), TestContext.Current.CancellationToken);
            }

            tell(new JobEnded(job, job == dies ? 137 : 0, "last words"));
            return new Ended();
        }

        private sealed class Ended : IJobProcess
        {
            public void Stop()
            {
            }

            public void Dispose()
            {
            }
        }
    }

    private sealed class FakeWork : IComparisonWork
    {
        public List<string> Log { get; } = [];

        public Func<string, Exception?> Fault { get; init; } = _ => null;

        public Func<int, int, double> Top1 { get; init; } = (seed, _) => seed / 10.0;

        public double? CpuSeconds { get; init; }

        public static JobResult Result(int seed) => new(8, 3, 1e6, 0, 1, 100, seed / 10.0, 0.9, 1, 2, 3);

        public FoundGenotype Find(ComparisonJob job, string folder, double? budgetSeconds, Action<double> progress, CancellationToken cancel)
        {
            Do($"search {job.Name}{(budgetSeconds is { } budget ? FormattableString.Invariant($" for {budget} s") : "")}", folder);
            return new FoundGenotype(Discretizer.Random(job.Seed), CpuSeconds);
        }

        public JobResult Train(ComparisonJob job, int trainSeed, Genotype genotype, string folder, Action<double> progress, CancellationToken cancel)
        {
            Do($"train {job.Name}{(trainSeed == job.Seed ? "" : $" with {trainSeed}")}", folder);
            Assert.Equal(Discretizer.Random(job.Seed), genotype);
            return Result(job.Seed) with { Top1 = Top1(job.Seed, trainSeed) };
        }

        private void Do(string what, string folder)
        {
            Assert.True(Directory.Exists(folder));
            Log.Add(what);
            if (Fault(what) is { } fault)
            {
                throw fault;
            }
        }
    }

    private sealed class Silence : IComparisonObserver
    {
        public void OnRank(string job, int networks)
        {
        }

        public void OnStart(IReadOnlyList<JobRecord> records, ComparisonOptions options, double targetOps)
        {
        }

        public void OnProgress(ComparisonJob job, JobStage stage, double share)
        {
        }

        public void OnJob(JobRecord record)
        {
        }

        public void OnWarning(string text)
        {
        }
    }
}
