using DcpNas.Comparison;
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
        Assert.Equal("ggn", ComparisonJob.Plan(options)[1].Search.Curvature);
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

        var job = new ComparisonJob("dcp", 1, new SearchOptions());
        progress.Add(job, JobStage.Train, 0.5); // where the checkpoint stood
        Assert.Equal(0.875, progress.Fraction);
        Assert.Null(progress.TimeLeft);
        progress.Add(job, JobStage.Train, 0.75);
        Assert.NotNull(progress.TimeLeft);
        progress.Add(job, JobStage.Train, 1);
        Assert.Equal((1.0, TimeSpan.Zero), (progress.Fraction, progress.TimeLeft));
    }

    /// <summary>Records what it was asked to do; fails where it is told to.</summary>
    private sealed class FakeWork : IComparisonWork
    {
        public List<string> Log { get; } = [];

        public Func<string, Exception?> Fault { get; init; } = _ => null;

        public static JobResult Result(int seed) => new(8, 3, 1e6, 0, 1, 100, seed / 10.0, 0.9, 1, 2, 3);

        public Genotype Search(ComparisonJob job, string folder, Action<double> progress, CancellationToken cancel)
        {
            Do($"search {job.Name}", folder);
            return Discretizer.Random(job.Seed);
        }

        public JobResult Train(ComparisonJob job, Genotype genotype, string folder, Action<double> progress, CancellationToken cancel)
        {
            Do($"train {job.Name}", folder);
            Assert.Equal(Discretizer.Random(job.Seed), genotype);
            return Result(job.Seed);
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
        public void OnStart(IReadOnlyList<JobRecord> records, double targetOps)
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
