namespace DcpNas.Search;

/// <summary>Which supernet a phase trains.</summary>
public enum SearchPhase
{
    /// <summary>The real-valued Parent.</summary>
    Parent,

    /// <summary>The 1-bit Child.</summary>
    Child,
}

/// <summary>One pass over the weight half.</summary>
/// <param name="Index">From 0, over all restarts.</param>
/// <param name="Round">From 0.</param>
/// <param name="Phase">Whose weights learn.</param>
/// <param name="BeginsPhase">Whether the phase begins with this epoch.</param>
/// <param name="EndsPhase">Whether the phase ends with it.</param>
/// <param name="StepsArchitecture">Whether alpha learns too; not during warm-up.</param>
public sealed record SearchEpoch(int Index, int Round, SearchPhase Phase, bool BeginsPhase, bool EndsPhase, bool StepsArchitecture)
{
    /// <summary>The search from fresh weights that it belongs to, from 0.</summary>
    public int Restart { get; init; }

    /// <summary>Whether new weights and a new alpha begin with it; not for the first.</summary>
    public bool BeginsRestart { get; init; }

    /// <summary>Whether it is the last of all.</summary>
    public bool EndsSearch { get; init; }
}

/// <summary>The epochs of a search, in order: rounds of a Parent phase and a Child phase, or one phase for strategies with one supernet; all of it once per restart.</summary>
public static class SearchSchedule
{
    /// <summary>Plans a search; empty for a random genotype.</summary>
    public static IReadOnlyList<SearchEpoch> Plan(SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var once = PlanOnce(options);
        return [.. Enumerable.Range(0, options.Restarts).SelectMany(restart => once.Select(epoch => epoch with
        {
            Index = (restart * once.Count) + epoch.Index,
            Restart = restart,
            BeginsRestart = restart > 0 && epoch.Index == 0,
            EndsSearch = restart == options.Restarts - 1 && epoch.Index == once.Count - 1,
        }))];
    }

    /// <summary>Restarts that are over and followed by another that has begun; a restart begins with its first step.</summary>
    internal static int RestartsBehind(SearchOptions options, int epoch, int step)
    {
        var plan = Plan(options);
        return epoch >= plan.Count ? options.Restarts - 1 : plan[epoch].Restart - (plan[epoch].BeginsRestart && step == 0 ? 1 : 0);
    }

    private static List<SearchEpoch> PlanOnce(SearchOptions options)
    {
        var row = options.Row;
        if (row.IsDrawn)
        {
            return [];
        }

        var warmup = (int)Math.Floor(options.WarmupShare * options.Epochs);
        var phases = row.AlternatesPhases ? row.Phases.Count * options.Rounds : 1;
        var epochs = new List<SearchEpoch>();
        for (var phase = 0; phase < phases; phase++)
        {
            // Whole epochs, spread evenly; exact integer arithmetic so that the last phase ends with the last epoch.
            var (first, end) = (options.Epochs * phase / phases, options.Epochs * (phase + 1) / phases);
            var kind = row.Phases[phase % row.Phases.Count];
            for (var index = first; index < end; index++)
            {
                epochs.Add(new SearchEpoch(index, phase / row.Phases.Count, kind, index == first, index == end - 1, index >= warmup));
            }
        }

        return epochs;
    }

    /// <summary>Steps of alpha from one fresh alpha to the end, those of Parent and Child together: alpha goes through both.</summary>
    public static long ArchitectureSteps(SearchOptions options, int stepsPerEpoch) => (long)PlanOnce(options).Count(epoch => epoch.StepsArchitecture) * ArchitectureStepsPerEpoch(options, stepsPerEpoch);

    /// <summary>Steps of alpha in an epoch where it learns: one in every <see cref="SearchOptions.AlphaInterval"/> steps of the weights.</summary>
    public static int ArchitectureStepsPerEpoch(SearchOptions options, int stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (stepsPerEpoch + options.AlphaInterval - 1) / options.AlphaInterval;
    }

    /// <summary>Evaluations by which the genotype is chosen at the end; 0 where alpha alone decides.</summary>
    public static int SelectionEvaluations(SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Row.IsDrawn ? 0 : options.Selection switch
        {
            GenotypeSelection.Perturbation => PerturbationSelection.Evaluations,
            GenotypeSelection.Sampled => options.SelectionCandidates,
            _ => 0,
        };
    }

    /// <summary>The learning rate of alpha: the one asked for, or T over the steps of alpha.</summary>
    public static double ArchitectureRate(SearchOptions options, int stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.ArchitectureRate ?? options.AlphaTravel / Math.Max(1, ArchitectureSteps(options, stepsPerEpoch));
    }

    /// <summary>The largest probability that the best operation of an edge can reach when its logit rises by T and all others fall by T: <c>e^2T / (e^2T + 7)</c>.</summary>
    /// <param name="travel">T: learning rate times steps of alpha.</param>
    public static double CeilingOfBest(double travel) => 1 / (1 + ((SearchSpace.OperationNames.All.Count - 1) * Math.Exp(-2 * travel)));

    /// <summary>Learning rate of the weights: cosine from start to end over the epochs of a restart.</summary>
    public static double WeightRate(SearchOptions options, int epoch)
    {
        ArgumentNullException.ThrowIfNull(options);
        var progress = options.Epochs <= 1 ? 0 : (double)(epoch % options.Epochs) / (options.Epochs - 1);
        return options.WeightRateEnd + ((options.WeightRate - options.WeightRateEnd) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
