using System.Globalization;
using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Jobs;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Search;
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

    /// <summary>The trainings in the folder that were taken over from another table.</summary>
    public const string TakenFile = "taken.jsonl";

    /// <summary>Trains what is not finished.</summary>
    /// <param name="options">The population.</param>
    /// <param name="folderPath">Its folder; the same options in the same folder go on, and genotypes and training seeds may be added.</param>
    /// <param name="tablePath">A second place for the table, or null.</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <param name="processes">Starts trainings as processes, several at a time; null: this process does them one after the other.</param>
    /// <param name="chips">Measures networks on a chip; without it the page shows none that was not measured before.</param>
    /// <exception cref="InputException">Options, data, folder or table cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the folder resumes.</exception>
    public static PopulationOutcome Execute(
        PopulationOptions options, string folderPath, string? tablePath, string command, IPopulationObserver observer, CancellationToken cancel, IJobProcesses? processes = null,
        IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Execute(options, OpenImages(options), folderPath, tablePath, command, observer, cancel, processes, chips);
    }

    /// <summary>Does one training of a population that <see cref="Execute(PopulationOptions, string, string?, string, IPopulationObserver, CancellationToken, IJobProcesses, IChipMeter)"/> or <see cref="Prepare"/> has begun.</summary>
    /// <param name="folderPath">The folder of the population.</param>
    /// <param name="name">The training.</param>
    /// <param name="threads">Threads of libtorch where the options leave them open (0).</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <param name="warn">Is told what a user should know.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="InputException">There is no such training, another process does it, or options or data cannot be used.</exception>
    /// <exception cref="DivergedException">It diverged.</exception>
    public static PopulationNetwork Work(string folderPath, string name, int threads, string command, Action<double> progress, Action<string> warn, CancellationToken cancel)
    {
        using var folder = RunFolder.OpenForReading(folderPath);
        var options = PopulationOptions.FromJson(folder.Options, folder.PathOf(RunFiles.Options));
        var job = Jobs(folder.Path, options).FirstOrDefault(job => job.Job.Name == name)
            ?? throw new InputException($"{folderPath}: has no training '{name}'. Its trainings are random-1-training-{options.TrainingSeeds[0]} to random-{options.Genotypes}-training-{options.TrainingSeeds[0]}"
                + $"{string.Concat(options.TrainingSeeds.Skip(1).Select(seed => $" and random-1-training-{seed} to random-{Math.Min(options.Repeat, options.Genotypes)}-training-{seed}"))}.");
        if (!job.IsFinished)
        {
            LibTorch.Load();
            var train = options.Train with { Threads = options.Train.Threads == 0 ? threads : options.Train.Threads };
            Train(job, train, train.OpenImages(), command, progress, warn, cancel);
        }

        return job.Read();
    }

    /// <summary>Writes a population's folder without training anything, so that other processes can.</summary>
    /// <param name="options">The population.</param>
    /// <param name="folderPath">Its folder.</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="chips">Measures networks on a chip.</param>
    /// <returns>The trainings that are not finished.</returns>
    /// <exception cref="InputException">Options, data or folder cannot be used.</exception>
    public static IReadOnlyList<PendingJob> Prepare(PopulationOptions options, string folderPath, string command, IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var dataset = OpenImages(options);
        var (train, network) = Resolve(options.Train, dataset);
        DemandCore(options, chips);
        var testbed = PopulationTestbed.Of(train, dataset);
        var environment = RunEnvironment.Collect(train.Device);
        var taken = TakenBy(options, testbed);
        using var folder = Start(options, train with { Threads = options.Train.Threads }, environment, folderPath, command);
        AddTaken(taken, folder);
        var jobs = Jobs(folder.Path, options, testbed);
        MeasureChips(options, folder, jobs, network, chips, CancellationToken.None);
        WriteTable(folder, Header(options, testbed, environment, command), jobs);
        return [.. Pending(jobs)];
    }

    /// <summary>The same on images that the caller opened.</summary>
    /// <inheritdoc cref="Execute(PopulationOptions, string, string?, string, IPopulationObserver, CancellationToken, IJobProcesses, IChipMeter)"/>
    /// <param name="options">The population.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="folderPath">The folder.</param>
    /// <param name="tablePath">A second place for the table.</param>
    /// <param name="command">The command line.</param>
    /// <param name="observer">The observer.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="processes">Starts trainings as processes.</param>
    /// <param name="chips">Measures networks on a chip.</param>
    internal static PopulationOutcome Execute(
        PopulationOptions options, DatasetPair dataset, string folderPath, string? tablePath, string command, IPopulationObserver observer, CancellationToken cancel, IJobProcesses? processes = null,
        IChipMeter? chips = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var (train, network) = Resolve(options.Train, dataset);
        DemandCore(options, chips);
        var stored = processes is null ? train : train with { Threads = options.Train.Threads }; // 0: each process has its own share
        var testbed = PopulationTestbed.Of(train, dataset);
        var environment = RunEnvironment.Collect(train.Device);
        var header = Header(options, testbed, environment, command);
        if (tablePath is not null)
        {
            WriteProbe.File(tablePath);
            RefuseOtherTable(tablePath, testbed);
        }

        var taken = TakenBy(options, testbed);
        using var folder = Start(options, stored, environment, folderPath, command);
        AddTaken(taken, folder);
        var jobs = Jobs(folder.Path, options, testbed);
        var networks = jobs.Where(job => job.IsFinished).ToDictionary(job => job.Job, job => job.Read());
        observer.OnStart(jobs.Count, networks.Count);
        MeasureChips(options, folder, jobs, network, chips, cancel);
        var table = Save();
        var failures = new List<PopulationFailure>();
        if (processes is null)
        {
            foreach (var job in jobs.Where(job => !networks.ContainsKey(job.Job)))
            {
                cancel.ThrowIfCancellationRequested();
                End(job, TrainOrTellWhyNot(job));
            }
        }
        else
        {
            var byName = jobs.ToDictionary(job => job.Job.Name);
            new JobScheduler(processes).Run([.. Pending(jobs)], happened => Take(byName[happened.Job], happened), cancel);
        }

        if (options.DropCheckpoints)
        {
            foreach (var job in jobs.Where(job => networks.ContainsKey(job.Job)))
            {
                job.DropCheckpoints();
            }
        }

        return new PopulationOutcome(table, failures, tablePath ?? folder.PathOf(TableFile), PopulationReport.Write(folder, table));

        string? TrainOrTellWhyNot(PopulationJobFolder job)
        {
            try
            {
                Train(job, train, dataset, command, share => observer.OnProgress(job.Job, share), text => observer.OnWarning($"{job.Job.Name}: {text}"), cancel);
                return null;
            }
            catch (Exception error) when (error is InputException or DivergedException)
            {
                return error.Message;
            }
        }

        void Take(PopulationJobFolder job, JobEvent happened)
        {
            switch (happened)
            {
                case JobProgressed progressed:
                    observer.OnProgress(job.Job, progressed.Share);
                    break;
                case JobWarned warned:
                    observer.OnWarning($"{job.Job.Name}: {warned.Text}");
                    break;
                case JobEnded ended when job.IsFinished || !cancel.IsCancellationRequested:
                    End(job, job.IsFinished ? null : ended.Error);
                    break;
            }
        }

        void End(PopulationJobFolder job, string? error)
        {
            if (error is not null)
            {
                failures.Add(new PopulationFailure(job.Job.Name, error));
                observer.OnFailure(failures[^1]);
                return;
            }

            networks[job.Job] = job.Read();
            observer.OnNetwork(networks[job.Job]);
            table = Save();
            if (options.DropCheckpoints)
            {
                job.DropCheckpoints();
            }
        }

        PopulationTable Save()
        {
            var written = WriteTable(folder, header, jobs.Where(job => networks.ContainsKey(job.Job)).Select(job => networks[job.Job]));
            if (tablePath is not null)
            {
                written.Save(tablePath);
            }

            return written;
        }
    }

    /// <summary>Whether a folder holds a population.</summary>
    public static bool IsIn(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.Options.ContainsKey(PopulationOptions.TrainingSeedsKey);
    }

    /// <summary>The trainings of a population that are not finished.</summary>
    public static IReadOnlyList<string> Unfinished(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return [.. Pending(JobsOf(folder)).Select(job => job.Name)];
    }

    /// <summary>Writes table and page of a population again, from the folders of its trainings; works while other processes train.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputException">The table is missing or damaged, or a file of a finished training is.</exception>
    public static string BuildReport(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var before = PopulationTable.Load(folder.PathOf(TableFile));
        WriteTable(folder, before.Header, JobsOf(folder));
        return folder.PathOf(PopulationReport.File);
    }

    /// <summary>The options as run folders hold them, tried on the first genotype, and the network apart from its cells.</summary>
    private static (TrainOptions Train, NetworkGeometry Network) Resolve(TrainOptions options, DatasetPair dataset)
    {
        using var setup = (options with { Genotype = Discretizer.Random(1).ToString() }).Prepare(dataset);
        return (((TrainOptions)setup.Options) with { Genotype = null }, setup.Network.Geometry(setup.Task.ClassNames.Count));
    }

    private static void DemandCore(PopulationOptions options, IChipMeter? chips)
    {
        if (options.Core is { } core && chips is not null)
        {
            ChipBudget.DemandCore(core, chips);
        }
    }

    private static void MeasureChips(PopulationOptions options, RunFolder folder, IEnumerable<PopulationJobFolder> jobs, NetworkGeometry network, IChipMeter? chips, CancellationToken cancel)
    {
        if (options.Chip is { } target && chips is not null)
        {
            PopulationChips.Write(folder, target, jobs.Select(job => job.Job.Genotype), network, chips, cancel);
        }
    }

    /// <summary>The planned trainings, and those of earlier plans that are finished: naming fewer drops nothing.</summary>
    private static List<PopulationJobFolder> Jobs(string folder, PopulationOptions options)
    {
        var root = Path.Combine(folder, JobFiles.Folder);
        var taken = TakenIn(folder)?.Networks.ToDictionary(network => network.Name) ?? [];
        var planned = PopulationJob.Plan(options);
        var names = Directory.Exists(root) ? Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)) : [];
        var found = names.Union(taken.Keys).Select(PopulationJob.FromName).OfType<PopulationJob>().Except(planned).OrderBy(job => job.TrainingSeed).ThenBy(job => job.GenotypeSeed);
        return [.. planned.Select(FolderOf), .. found.Select(FolderOf).Where(job => job.IsFinished)];

        PopulationJobFolder FolderOf(PopulationJob job) => new(job, Path.Combine(root, job.Name), taken.GetValueOrDefault(job.Name));
    }

    private static PopulationTable? TakenIn(string folder)
    {
        var path = Path.Combine(folder, TakenFile);
        return File.Exists(path) ? PopulationTable.Load(path) : null;
    }

    /// <summary>The table to take trainings from, checked; null where none is named.</summary>
    /// <exception cref="InputException">It cannot be read, is of another testbed, or a network is not the random one of its seed.</exception>
    private static PopulationTable? TakenBy(PopulationOptions options, PopulationTestbed testbed)
    {
        if (options.From is null)
        {
            return null;
        }

        var table = PopulationTable.Load(options.From);
        table.DemandTestbed(testbed);
        if (table.Networks.FirstOrDefault(network => PopulationJob.FromName(network.Name) is not { } job || !job.Genotype.Equals(network.Cells())) is { } other)
        {
            throw InputException.InFile(options.From, other.Name, "the random genotype of its seed, as dcpnas population trains it", other.Genotype, "Take a table that this version of dcpnas population wrote.");
        }

        return table;
    }

    /// <summary>Adds trainings to those that were taken over before; of two with one name the later one counts.</summary>
    private static void AddTaken(PopulationTable? table, RunFolder folder)
    {
        if (table is not null)
        {
            var before = TakenIn(folder.Path)?.Networks ?? [];
            new PopulationTable(table.Header, [.. table.Networks.Concat(before).DistinctBy(network => network.Name)], folder.PathOf(TakenFile)).Save(folder.PathOf(TakenFile));
        }
    }

    /// <summary>The images of checked options.</summary>
    private static DatasetPair OpenImages(PopulationOptions options)
    {
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new OptionsException("options", problems);
        }

        LibTorch.Load();
        return options.Train.OpenImages();
    }

    /// <summary>The same, all of one testbed.</summary>
    private static List<PopulationJobFolder> Jobs(string folder, PopulationOptions options, PopulationTestbed testbed)
    {
        var jobs = Jobs(folder, options);
        foreach (var job in jobs)
        {
            job.DemandSame(testbed);
        }

        return jobs;
    }

    private static IEnumerable<PendingJob> Pending(IEnumerable<PopulationJobFolder> jobs) =>
        jobs.Where(job => !job.IsFinished).Select(job => new PendingJob(job.Job.Name, []));

    private static List<PopulationJobFolder> JobsOf(RunFolder folder) => Jobs(folder.Path, PopulationOptions.FromJson(folder.Options, folder.PathOf(RunFiles.Options)));

    private static PopulationHeader Header(PopulationOptions options, PopulationTestbed testbed, RunEnvironment environment, string command)
    {
        var facts = environment.ToJson();
        facts.Remove("machine");
        return new PopulationHeader
        {
            Format = PopulationHeader.CurrentFormat,
            TrainingSeed = options.TrainingSeeds[0],
            Data = testbed.Data,
            Train = testbed.Train,
            Environment = facts,
            Command = command,
        };
    }

    private static void WriteTable(RunFolder folder, PopulationHeader header, IEnumerable<PopulationJobFolder> jobs) =>
        WriteTable(folder, header, jobs.Where(job => job.IsFinished).Select(job => job.Read()));

    private static PopulationTable WriteTable(RunFolder folder, PopulationHeader header, IEnumerable<PopulationNetwork> networks)
    {
        var table = new PopulationTable(header, [.. networks], folder.PathOf(TableFile));
        table.Save(folder.PathOf(TableFile));
        PopulationReport.Write(folder, table);
        return table;
    }

    private static RunFolder Start(PopulationOptions options, TrainOptions train, RunEnvironment environment, string folderPath, string command) => RunFolder.Start(
        folderPath, (options with { Train = train }).ToJson(), environment, command, PopulationOptions.MayChange, mayHold: [JobFiles.Folder], record: typeof(PopulationOptions));

    /// <summary>Trains one network, with the threads that it was begun with.</summary>
    /// <exception cref="InputException">It cannot be trained.</exception>
    /// <exception cref="DivergedException">It diverged.</exception>
    private static void Train(
        PopulationJobFolder job, TrainOptions train, DatasetPair dataset, string command, Action<double> progress, Action<string> warn, CancellationToken cancel)
    {
        var options = train with { Genotype = job.Job.Genotype.ToString(), Seed = job.Job.TrainingSeed, Threads = job.Threads ?? train.Threads };
        using var setup = options.Prepare(dataset);
        TrainRun.Execute(setup, job.Path, command, new TrainShare(progress, warn), warn, cancel);
        FinalizerGate.SafePoint();
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
