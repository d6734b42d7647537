using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>Predicts a comparison from a few steps of each kind of search and of a training; writes nothing.</summary>
public static class ComparisonTrial
{
    /// <summary>Predicts a comparison. Takes as long as about three steps of each kind.</summary>
    /// <param name="options">The comparison.</param>
    /// <param name="folder">Its folder, for jobs that are finished there; need not exist.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <exception cref="InputException">Options or data cannot be used.</exception>
    public static ComparisonPlan Run(ComparisonOptions options, string folder, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var setup = ComparisonSetup.Prepare(options);
        var jobs = ComparisonJob.Plan(options);
        var searches = jobs.DistinctBy(job => job.Strategy).ToDictionary(job => job.Strategy, job => SearchTrial.Run(job.Search, folder, cancel).TotalSeconds);
        var training = TrainSeconds(setup, cancel);
        return new ComparisonPlan(
            setup.Dataset.Name, setup.TargetOps,
            [.. jobs.Select(job => new PlannedJob(job.Name, ComparisonQueue.Read(folder, job).State, searches[job.Strategy], training))]);
    }

    /// <summary>All stages of the training of a random genotype at the common cost, with the images that select and judge.</summary>
    private static double TrainSeconds(ComparisonSetup setup, CancellationToken cancel)
    {
        var options = setup.Options.Train;
        var genotype = Discretizer.Random(0);
        var network = setup.Network with { Genotype = genotype, Channels = setup.SizeOf(genotype).Channels };
        Threads.Set(options.Threads);
        var device = Devices.Parse(options.Device);
        using var _ = new DefaultDevice(device);
        using var data = new ClassificationData(setup.Dataset, options.DataOn(device));
        var (training, evaluation) = (0.0, 0.0);
        var task = new ClassificationTask(data.Dataset.Train.ClassNames, options.Loss);
        foreach (var stage in TrainPlan.Stages(options, network))
        {
            var (step, look) = TrainTrial.StepSeconds(stage, options, task, data.Training(0), cancel);
            training += (double)stage.Epochs * data.StepsPerEpoch * step;
            training += stage.IsTaught && options.Teacher is not null ? (double)stage.Epochs * data.StepsPerEpoch * look : 0; // a twin costs as much
            evaluation += stage.Epochs * data.Split.Validation.Count * look / options.BatchSize;
            evaluation += stage.IsLast ? (data.TestImages.Count + options.ReestimateImages) * look / options.BatchSize : 0;
        }

        return training + evaluation;
    }
}
