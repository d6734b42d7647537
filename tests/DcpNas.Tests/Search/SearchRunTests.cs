using DcpNas.Search;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Populations;
using DcpNas.Tests.Runs;
using DcpNas.Training;

namespace DcpNas.Tests.Search;

public sealed class SearchRunTests
{
    [Fact]
    public void Execute_OnAMachineOfOtherCores_GoesOnWithTheThreadsItWasBegunWith()
    {
        using var folder = new TemporaryFolder();
        var three = RankCorrelationRunTests.FinishedSearch.Options with { Epochs = 1, Strategy = SearchStrategy.Direct, Threads = 3 };
        var found = Run(three).Genotype;

        Assert.Equal(found, Run(three with { Threads = 0 }).Genotype); // all cores, which are three on no machine of ours
        Assert.Contains("threads: 3 there, 2 now", Assert.Throws<InputException>(() => Run(three with { Threads = 2 })).Message, StringComparison.Ordinal);
        Assert.Equal((3, 2), (TrainRun.ToResume(new TrainOptions(), folder["run"]).Threads, TrainRun.ToResume(new TrainOptions { Threads = 2 }, folder["run"]).Threads));

        SearchOutcome Run(SearchOptions options) => SearchRun.Execute(options, folder["run"], "dcpnas search", new Silent(), _ => { }, TestContext.Current.CancellationToken);
    }

    private sealed class Silent : ISearchObserver;
}
