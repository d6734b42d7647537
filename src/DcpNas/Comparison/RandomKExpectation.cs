using DcpNas.Candidates;
using DcpNas.Networks;
using DcpNas.Populations;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>What <c>random_k</c> is expected to reach, by the networks of a population: without training a single candidate.</summary>
/// <param name="Row">The row of the comparison, or <c>random_k</c> where it has none.</param>
/// <param name="Selection">The expectation.</param>
/// <param name="Networks">Networks that are drawn from.</param>
/// <param name="AllEpochs">Epochs of their trainings.</param>
public sealed record RandomKExpectation(string Row, ExpectedSelection Selection, int Networks, int AllEpochs)
{
    /// <summary>The same in words.</summary>
    public string Sentence =>
        ComparisonTables.Text($"{Row}, expected by the population: the best of {Selection.Candidates} by validation loss after {Selection.Epochs} of {AllEpochs} epochs reaches ")
        + ComparisonTables.Text($"{Selection.Mean * 100:0.0} %, standard deviation {Selection.StandardDeviation * 100:0.0} points (exact, over all draws of {Selection.Candidates} from {Networks} networks).");

    /// <summary>
    /// The expectation of every row of that kind whose number of candidates is known; without such a row, that of as many candidates as the processor time of
    /// the primary row's searches pays for, by the processor time of the population's trainings. Empty where the table cannot tell: fewer networks than candidates,
    /// or no times.
    /// </summary>
    public static IReadOnlyList<RandomKExpectation> Of(ComparisonResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Population is not { } population ? [] :
        [
            .. Wanted(result, population).Select(wanted => ExpectedSelection.Of(population, wanted.Candidates, wanted.Epochs) is { } selection
                ? new RandomKExpectation(wanted.Row, selection, population.Sample.Count, population.Sample.Min(network => network.ValidTop1.Count))
                : null).OfType<RandomKExpectation>(),
        ];
    }

    /// <summary>Epochs of all stages of a brief training.</summary>
    internal static int EpochsOf(TrainOptions train, int candidateEpochs) => TrainPlan.Epochs(TrainPlan.Stages(BriefTraining.Of(train, candidateEpochs), new NetworkDescription()));

    private static IEnumerable<(string Row, int Candidates, int Epochs)> Wanted(ComparisonResult result, PopulationTable population)
    {
        var rows = result.Rows.Where(row => row.Entry.Kind == RowKind.BestOfRandom && !row.IsShared && row.Entry.Train == result.Options.Train).ToList();
        foreach (var row in rows)
        {
            var drawn = row.Jobs.Select(job => job.Selection?.Candidates).OfType<int>().ToList();
            if ((row.Entry.Candidates ?? (drawn.Count == 0 ? null : (int)Math.Round(drawn.Average()))) is { } candidates)
            {
                yield return (row.Name, candidates, EpochsOf(row.Entry.Train, row.Entry.CandidateEpochs));
            }
        }

        var budgets = result.Primary.Jobs.Select(job => job.SearchCpuSeconds).OfType<double>().ToList();
        var costs = population.Sample.Select(network => network.CpuSeconds / network.ValidTop1.Count).OfType<double>().Where(seconds => seconds > 0).ToList();
        if (rows.Count == 0 && budgets.Count > 0 && costs.Count > 0 && costs.Count == population.Sample.Count)
        {
            var epochs = EpochsOf(result.Options.Train, BriefTraining.Epochs(null, result.Options.Train));
            yield return (ComparisonStrategies.RandomK, Math.Max(1, (int)Math.Round(budgets.Average() / (costs.Average() * epochs))), epochs);
        }
    }
}
