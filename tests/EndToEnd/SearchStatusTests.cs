using DcpNas.Cli.Display;
using DcpNas.Search;

namespace EndToEnd;

/// <summary>The time left of a search, on a clock of the test's own.</summary>
public sealed class SearchStatusTests
{
    [Fact]
    public void TimeLeft_AfterAnEpoch_CountsEvaluationsAndWhatLiesBetweenSteps()
    {
        // Two epochs of two steps: each step takes 10 s on the clock (of it 6 s of work), an evaluation 30 s.
        var options = new SearchOptions { Strategy = SearchStrategy.Direct, Epochs = 2, WarmupShare = 0 };
        var epochs = SearchSchedule.Plan(options);
        var clock = new Clock();
        var status = new SearchStatus(clock);
        status.Begin(new SearchStart(options, epochs, StepsPerEpoch: 2, FirstEpoch: 0, FirstStep: 0, "nothing"));
        Assert.Equal("...", status.TimeLeft);
        for (var step = 0; step < 2; step++)
        {
            clock.Seconds += 10;
            status.Add(new SearchStep(epochs[0], step, step, 8, new StepResult(1, 4, null, null), null, WeightSeconds: 6, ArchitectureSeconds: 0, WaitSeconds: 4));
        }

        Assert.Equal("40 s?", status.TimeLeft); // two steps and two evaluations, which are not known yet and count as a step each

        clock.Seconds += 30;
        status.Add(new EpochSummary(epochs[0], new EpochTotals(), 0.5, null!, null!, 0, 0));

        Assert.Equal("50 s", status.TimeLeft); // two steps and one evaluation
        Assert.Equal(50, status.Elapsed.TotalSeconds);
        Assert.Equal(0.5, status.Fraction);
    }

    [Fact]
    public void TimeLeft_OfAResumedSearch_LeavesOutWhatIsDone()
    {
        var options = new SearchOptions { Strategy = SearchStrategy.Direct, Epochs = 2, WarmupShare = 0 };
        var epochs = SearchSchedule.Plan(options);
        var clock = new Clock();
        var status = new SearchStatus(clock);
        status.Begin(new SearchStart(options, epochs, StepsPerEpoch: 2, FirstEpoch: 1, FirstStep: 1, "nothing"));
        Assert.Equal(4.0 / 6, status.Fraction, 1e-12);
        clock.Seconds += 10;
        status.Add(new SearchStep(epochs[1], 1, 3, 8, new StepResult(1, 4, null, null), null, 6, 0, 4));
        Assert.Equal("10 s?", status.TimeLeft);
    }

    [Fact]
    public void TimeLeft_OfASearchThatScoresGenotypes_CountsThem()
    {
        var options = new SearchOptions { Strategy = SearchStrategy.Direct, Epochs = 1, WarmupShare = 0, Selection = GenotypeSelection.Sampled, SelectionCandidates = 5 };
        var epochs = SearchSchedule.Plan(options);
        var clock = new Clock();
        var status = new SearchStatus(clock);
        status.Begin(new SearchStart(options, epochs, StepsPerEpoch: 1, FirstEpoch: 0, FirstStep: 0, "nothing"));
        clock.Seconds += 10;
        status.Add(new SearchStep(epochs[0], 0, 0, 8, new StepResult(1, 4, null, null), null, 6, 0, 4));
        status.Add(new EpochSummary(epochs[0], new EpochTotals(), 0.5, null!, null!, 0, 0));
        clock.Seconds += 2;

        status.AddEvaluation(1);

        Assert.Equal("8.0 s", status.TimeLeft);
        Assert.Equal("selection: 1 of 5 genotypes scored with the shared weights  left 8.0 s", status.Line());
        Assert.Contains(("phase", "selection: 1 of 5 genotypes scored with the shared weights"), status.Figures());
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
