using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>Predicts a comparison from a few steps of each kind of search and of a training; writes nothing.</summary>
public static class ComparisonProfiling
{
    /// <summary>Predicts a comparison. Takes as long as about three steps of each kind.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="folder">Its folder, for jobs that are finished there; need not exist.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <param name="chips">Measures networks on a chip; limits on flash, RAM or instructions need it.</param>
    /// <exception cref="InputException">Options or data cannot be used.</exception>
    public static ComparisonPlan Run(ComparisonOptions options, string folder, CancellationToken cancel, IChipMeter? chips = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var setup = ComparisonSetup.Prepare(options, chips);
        var jobs = ComparisonResume.In(folder, options).Jobs();
        var (searches, trainings) = (new Dictionary<string, double>(), new Dictionary<TrainOptions, double>());
        foreach (var job in jobs)
        {
            if (!trainings.ContainsKey(job.Row.Train))
            {
                trainings[job.Row.Train] = TrainSeconds(setup, job.Row.Train, cancel);
            }

            if (!searches.ContainsKey(job.Strategy))
            {
                searches[job.Strategy] = SearchSeconds(job);
            }
        }

        return new ComparisonPlan(setup.Dataset.Name, setup.TargetOps, ComparisonTables.Width(options, setup.TargetOps), [.. jobs.Select(job => Planned(job, ComparisonQueue.Read(folder, job)))]);

        double SearchSeconds(ComparisonJob job) => job switch
        {
            { GenotypeFrom: not null } or { Row.Kind: RowKind.Genotype } => 0,
            { BudgetFrom: { } from } => jobs.FirstOrDefault(other => other.Name == from) is { } primary ? searches[primary.Strategy] : 0, // as long as the search that it is to match
            { Row: { Kind: RowKind.BestOfRandom, Candidates: { } count } } => BriefSeconds(job, count),
            { Row.Candidates: { } count } => SearchProfiling.Run(job.Row.Search, folder, cancel, chips).TotalSeconds + BriefSeconds(job, count),
            _ => SearchProfiling.Run(job.Row.Search, folder, cancel, chips).TotalSeconds,
        };

        double BriefSeconds(ComparisonJob job, int count) => count * trainings[job.Row.Train] * job.Row.CandidateEpochs / job.Row.Train.Epochs;

        PlannedJob Planned(ComparisonJob job, JobRecord record) => new(
            job.Name, record.State, record.Genotype is null ? searches[job.Strategy] : 0, job.TrainSeeds.Count(seed => !record.Has([seed])) * trainings[job.Row.Train]);
    }

    /// <summary>All stages of the training of a random genotype at the common cost, with the images of validation and test.</summary>
    private static double TrainSeconds(ComparisonSetup setup, TrainOptions options, CancellationToken cancel)
    {
        var genotype = Discretizer.Random(0);
        var network = setup.NetworkOf(options) with { Genotype = genotype, Channels = setup.SizeOf(genotype, options).Channels };
        Threads.Set(options.Threads);
        var device = Devices.Parse(options.Device);
        using var _ = new DefaultDevice(device);
        using var data = new ClassificationData(setup.Dataset, options.DataOn(device));
        var (training, evaluation) = (0.0, 0.0);
        var task = new ClassificationTask(data.Dataset.Train.ClassNames, options.Loss);
        foreach (var stage in TrainPlan.Stages(options, network))
        {
            var (step, look) = TrainProfiling.StepSeconds(stage, options, task, data.Training(0), cancel);
            training += (double)stage.Epochs * data.StepsPerEpoch * step;
            training += stage.IsTaught && options.Teacher is not null ? (double)stage.Epochs * data.StepsPerEpoch * look : 0; // a counterpart costs as much
            evaluation += stage.Epochs * data.Images.Validation * look / options.BatchSize;
            evaluation += stage.IsLast ? (data.Images.Test + options.ReestimateImages) * look / options.BatchSize : 0;
        }

        return training + evaluation;
    }
}
