using DcpNas.Runs;

namespace DcpNas.Search;

/// <summary>Is told what a search does while it runs: logs, progress displays, tests. Its events: a cell that leans or collapses, a roll-back, what the budget did.</summary>
public interface ISearchObserver : IRunObserver<SearchStart, SearchStep, EpochSummary>
{
    /// <summary>Held-out images have judged one more genotype or operation, after the last epoch.</summary>
    /// <param name="done">How many are done, of at most <see cref="SearchSchedule.SelectionEvaluations"/>.</param>
    void OnEvaluation(int done)
    {
        // Most have no use for it.
    }
}

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Totals">Sums over its steps.</param>
/// <param name="SupernetTop1">Accuracy of the phase's supernet on images of the architecture half, in [0, 1]. A proxy.</param>
/// <param name="Health">What alpha looks like.</param>
/// <param name="Networks">The networks, for alpha itself.</param>
/// <param name="ExpectedOps">Expected OPs of the final network.</param>
/// <param name="ExpectedMbit">Expected memory of the final network.</param>
public sealed record EpochSummary(
    SearchEpoch Epoch, EpochTotals Totals, double SupernetTop1, SearchHealth Health, SearchNetworks Networks, double ExpectedOps, double ExpectedMbit);

/// <summary>What a session of a search has before it.</summary>
/// <param name="Options">The resolved options.</param>
/// <param name="Epochs">All epochs of the search.</param>
/// <param name="StepsPerEpoch">Steps of each epoch.</param>
/// <param name="FirstEpoch">The epoch that comes next.</param>
/// <param name="FirstStep">The step of it that comes next.</param>
/// <param name="Dataset">What the search learns from: name, images, classes, size.</param>
public sealed record SearchStart(SearchOptions Options, IReadOnlyList<SearchEpoch> Epochs, int StepsPerEpoch, int FirstEpoch, int FirstStep, string Dataset);
