using System.Globalization;
using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Populations;

/// <summary>Trains a population in its folder, or goes on with it, and keeps table and page up to date.</summary>
/// <remarks>
/// Each training has a run folder <c>jobs/random-S-training-T</c>. One that is finished is read and never touched, also where another command has left it; one
/// that was begun goes on from its checkpoint. One that fails is named and the next one begins; the next call tries it again.
/// </remarks>
public static class PopulationRun
{
    /// <summary>The table in the folder.</summary>
    public const string TableFile = "population.jsonl";

    private const string JobsFolder = "jobs";

    /// <summary>Trains what is not finished.</summary>
    /// <param name="options">The population.</param>
    /// <param name="folderPath">Its folder; the same options in the same folder go on, and genotypes and training seeds may be added.</param>
    /// <param name="tablePath">A second place for the table, or null.</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <exception cref="InputException">Options, data, folder or table cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the folder resumes.</exception>
    public static PopulationOutcome Execute(
        PopulationOptions options, string folderPath, string? tablePath, string command, IPopulationObserver observer, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        LibTorch.Load();
        return Execute(options, options.Train.OpenImages(), folderPath, tablePath, command, observer, cancel);
    }

    /// <summary>The same on images that the caller opened.</summary>
    /// <inheritdoc cref="Execute(PopulationOptions, string, string?, string, IPopulationObserver, CancellationToken)"/>
    /// <param name="options">The population.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="folderPath">The folder.</param>
    /// <param name="tablePath">A second place for the table.</param>
    /// <param name="command">The command line.</param>
    /// <param name="observer">The observer.</param>
    /// <param name="cancel">Stops.</param>
    internal static PopulationOutcome Execute(
        PopulationOptions options, DatasetPair dataset, string folderPath, string? tablePath, string command, IPopulationObserver observer, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var train = Resolve(options.Train, dataset);
        var testbed = PopulationTestbed.Of(train, dataset);
        var environment = RunEnvironment.Collect(train.Device);
        var facts = environment.ToJson();
        facts.Remove("machine");
        var header = new PopulationHeader
        {
            Format = PopulationHeader.CurrentFormat,
            TrainingSeed = options.TrainingSeeds[0],
            Data = testbed.Data,
            Train = testbed.Train,
            Environment = facts,
            Command = command,
        };
        if (tablePath is not null)
        {
            WriteProbe.File(tablePath);
            RefuseOtherTable(tablePath, testbed);
        }

        using var folder = RunFolder.Start(folderPath, (options with { Train = train }).ToJson(), environment, command, PopulationOptions.MayChange, mayHold: [JobsFolder]);
        var jobs = Jobs(folder.Path, options);
        foreach (var job in jobs)
        {
            job.DemandSame(testbed);
        }

        var networks = jobs.Where(job => job.IsFinished).ToDictionary(job => job.Job, job => job.Read());
        observer.OnStart(jobs.Count, networks.Count);
        var table = Save();
        var failures = new List<PopulationFailure>();
        foreach (var job in jobs)
        {
            if (!networks.ContainsKey(job.Job))
            {
                cancel.ThrowIfCancellationRequested();
                if (Train(job, train, dataset, command, observer, cancel) is { } error)
                {
                    failures.Add(new PopulationFailure(job.Job.Name, error));
                    observer.OnFailure(failures[^1]);
                    continue;
                }

                networks[job.Job] = job.Read();
                observer.OnNetwork(networks[job.Job]);
                table = Save();
            }

            if (options.DropCheckpoints)
            {
                job.DropCheckpoints();
            }
        }

        return new PopulationOutcome(table, failures, tablePath ?? folder.PathOf(TableFile), PopulationReport.Write(folder, table));

        PopulationTable Save()
        {
            var written = new PopulationTable(header, [.. jobs.Where(job => networks.ContainsKey(job.Job)).Select(job => networks[job.Job])], folder.PathOf(TableFile));
            written.Save(folder.PathOf(TableFile));
            if (tablePath is not null)
            {
                written.Save(tablePath);
            }

            PopulationReport.Write(folder, written);
            return written;
        }
    }

    /// <summary>Whether a folder holds a population.</summary>
    public static bool IsIn(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.Options.ContainsKey(PopulationOptions.TrainingSeedsKey);
    }

    /// <summary>Writes the page of a population again, from its table.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputException">The table is missing or damaged.</exception>
    public static string BuildReport(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return PopulationReport.Write(folder, PopulationTable.Load(folder.PathOf(TableFile)));
    }

    /// <summary>The options as run folders hold them, tried on the first genotype.</summary>
    private static TrainOptions Resolve(TrainOptions options, DatasetPair dataset)
    {
        using var setup = (options with { Genotype = Discretizer.Random(1).ToString() }).Prepare(dataset);
        return ((TrainOptions)setup.Options) with { Genotype = null };
    }

    /// <summary>The planned trainings, and those of earlier plans that are finished: naming fewer drops nothing.</summary>
    private static List<PopulationJobFolder> Jobs(string folder, PopulationOptions options)
    {
        var root = Path.Combine(folder, JobsFolder);
        var planned = PopulationJob.Plan(options);
        IEnumerable<PopulationJob> found = Directory.Exists(root)
            ? Directory.EnumerateDirectories(root).Select(path => PopulationJob.FromName(Path.GetFileName(path))).OfType<PopulationJob>()
                .Except(planned).OrderBy(job => job.TrainingSeed).ThenBy(job => job.GenotypeSeed)
            : [];
        return
        [
            .. planned.Select(job => new PopulationJobFolder(job, Path.Combine(root, job.Name))),
            .. found.Select(job => new PopulationJobFolder(job, Path.Combine(root, job.Name))).Where(job => job.IsFinished),
        ];
    }

    /// <summary>Trains one network, with the threads that it was begun with.</summary>
    /// <returns>Why it failed, or null.</returns>
    private static string? Train(PopulationJobFolder job, TrainOptions train, DatasetPair dataset, string command, IPopulationObserver observer, CancellationToken cancel)
    {
        try
        {
            var options = train with { Genotype = job.Job.Genotype.ToString(), Seed = job.Job.TrainingSeed, Threads = job.Threads ?? train.Threads };
            using var setup = options.Prepare(dataset);
            void Warn(string text) => observer.OnWarning($"{job.Job.Name}: {text}");
            TrainRun.Execute(setup, job.Path, command, new TrainShare(share => observer.OnProgress(job.Job, share), Warn), Warn, cancel);
            FinalizerGate.SafePoint();
            return null;
        }
        catch (Exception error) when (error is InputException or DivergedException)
        {
            return error.Message;
        }
    }

    private static void RefuseOtherTable(string path, PopulationTestbed testbed)
    {
        if (!File.Exists(path))
        {
            return;
        }

        var there = PopulationTable.Load(path).Header.Testbed();
        if (testbed.FirstDifference(there) is { } difference)
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{path}: holds a population of another testbed: {difference}. Name another file with --out."));
        }
    }
}
