using DcpNas.Jobs;

namespace DcpNas.Tests.Jobs;

/// <summary>Jobs side by side, with processes that end when the test says so.</summary>
public sealed class JobSchedulerTests
{
    [Fact]
    public void Run_WithTwoTakenPlacesStartsEachJobWhenAPlaceIsFreeAndWhatItWaitsForHasEnded()
    {
        var fake = new FakeProcesses(places: 2);
        fake.OnStart = name =>
        {
            Assert.InRange(fake.Running.Count, 1, 2);
            Assert.DoesNotContain("first", name == "last" ? fake.Running : []);
            if (fake.Running.Count == 2 || name == "last")
            {
                fake.End(fake.Running.First()); // the others go on
            }
        };

        var ended = new List<string>();
        new JobScheduler(fake).Run(
            [Job("first"), Job("last", "first", "unknown"), Job("b"), Job("c")],
            happened => { if (happened is JobEnded) { ended.Add(happened.Job); fake.EndIfAlone(); } }, TestContext.Current.CancellationToken);

        Assert.Equal(["first", "b", "last", "c"], fake.Started); // last waits for first, and is preferred once it may start
        Assert.Equal(["b", "c", "first", "last"], ended.Order(StringComparer.Ordinal));
        Assert.All(fake.TakenPlaces, place => Assert.InRange(place, 0, 1));
        Assert.Equal(4, fake.Disposed);
    }

    [Fact]
    public void Run_WithAJobThatDies_GoesOnWithTheOthersAndTellsItsExitCode()
    {
        var fake = new FakeProcesses(places: 1);
        fake.OnStart = name => fake.End(name, name == "a" ? 139 : 0);

        var codes = new List<int>();
        new JobScheduler(fake).Run([Job("a"), Job("b", "a")], happened => codes.Add(((JobEnded)happened).ExitCode), TestContext.Current.CancellationToken);

        Assert.Equal([139, 0], codes);
    }

    [Fact]
    public void Run_Cancelled_StopsWhatRunsStartsNothingMoreAndWaits()
    {
        using var cancel = new CancellationTokenSource();
        var fake = new FakeProcesses(places: 2);
        fake.OnStart = name => { if (name == "b") { cancel.Cancel(); } };
        fake.OnStop = name => fake.End(name, 130);

        var ended = 0;
        Assert.Throws<OperationCanceledException>(() => new JobScheduler(fake).Run([Job("a"), Job("b"), Job("c")], _ => ended++, cancel.Token));

        Assert.Equal(["a", "b"], fake.Started);
        Assert.Equal(2, ended);
    }

    [Fact]
    public void Run_WhereTheCallerFails_StopsItsProcesses()
    {
        var fake = new FakeProcesses(places: 2);
        fake.OnStart = name => { if (name == "b") { fake.End("a"); } };

        Assert.Throws<InvalidDataException>(() => new JobScheduler(fake).Run([Job("a"), Job("b")], _ => throw new InvalidDataException(), TestContext.Current.CancellationToken));

        Assert.Equal(["b"], fake.Stopped);
    }

    [Fact]
    public void Waves_OfJobsThatWait_PutEachAfterWhatItReads()
    {
        var waves = PendingJob.Waves([Job("c", "b"), Job("a"), Job("b", "a"), Job("d", "elsewhere")]);

        Assert.Equal(["a,d", "b", "c"], waves.Select(wave => string.Join(',', wave.Select(job => job.Name))));
        Assert.Contains("wait for each other: x, y", Assert.Throws<ArgumentException>(() => PendingJob.Waves([Job("x", "y"), Job("y", "x")])).Message, StringComparison.Ordinal);
    }

    private static PendingJob Job(string name, params string[] after) => new(name, after);

    private sealed class FakeProcesses(int places) : IJobProcesses
    {
        private readonly Dictionary<string, Action<JobEvent>> _tell = [];

        public int Places => places;

        public Action<string> OnStart { get; set; } = _ => { };

        public Action<string> OnStop { get; set; } = _ => { };

        public List<string> Started { get; } = [];

        public List<string> Running { get; } = [];

        public List<string> Stopped { get; } = [];

        public List<int> TakenPlaces { get; } = [];

        public int Disposed { get; private set; }

        public IJobProcess Start(string job, int place, Action<JobEvent> tell)
        {
            _tell[job] = tell;
            Started.Add(job);
            Running.Add(job);
            TakenPlaces.Add(place);
            OnStart(job);
            return new Fake(() => { Stopped.Add(job); OnStop(job); }, () => Disposed++);
        }

        public void End(string job, int code = 0)
        {
            Running.Remove(job);
            _tell[job](new JobEnded(job, code, ""));
        }

        public void EndIfAlone()
        {
            if (Running.Count == 1)
            {
                End(Running[0]);
            }
        }

        private sealed class Fake(Action stop, Action dispose) : IJobProcess
        {
            public void Stop() => stop();

            public void Dispose() => dispose();
        }
    }
}
