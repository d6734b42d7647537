using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DcpNas.Jobs;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;

namespace DcpNas.Candidates;

/// <summary>Trains candidates briefly in a folder that resumes, one after the other or in processes side by side: finished ones are kept in <c>candidates.json</c>.</summary>
/// <remarks>
/// A process that does one candidate (<see cref="Work"/>) finds its genotype in <c>candidates.json</c> and leaves <c>candidates/N-record.json</c>; whoever has started it, or
/// comes later, takes the records in, in the order of the numbers.
/// </remarks>
/// <param name="folder">The folder; each candidate has a run folder <c>candidates/N</c> in it.</param>
/// <param name="budgetSeconds">CPU time that the candidates may take, for the record; the one of the first session holds. Null: their number is given.</param>
public sealed class CandidateTrainings(string folder, double? budgetSeconds)
{
    /// <summary>The file of finished candidates.</summary>
    public const string RecordFile = "candidates.json";

    /// <summary>The folder of their runs.</summary>
    public const string RunsFolder = "candidates";

    private const string RecordSuffix = "-record.json";

    private readonly string _path = Path.Combine(folder, RecordFile);
    private State _state = Read(Path.Combine(folder, RecordFile)) ?? new State(budgetSeconds, []);

    /// <summary>The budget that holds.</summary>
    public double? BudgetSeconds => _state.BudgetSeconds;

    /// <summary>The candidates that are trained, in the order of their numbers.</summary>
    public IReadOnlyList<CandidateRecord> Trained => _state.Candidates;

    /// <summary>CPU time of the candidates so far.</summary>
    public double SpentSeconds => Trained.Sum(candidate => candidate.CpuSeconds);

    /// <summary>Candidates that are trained in a folder.</summary>
    public static int CountIn(string folder) => Read(Path.Combine(folder, RecordFile))?.Candidates.Count ?? 0;

    /// <summary>Wall-clock time of the candidates in a folder.</summary>
    public static double SecondsIn(string folder) => Read(Path.Combine(folder, RecordFile))?.Candidates.Sum(candidate => candidate.Seconds) ?? 0;

    /// <summary>Trains until there are enough.</summary>
    /// <param name="isEnough">Asked before each candidate.</param>
    /// <param name="next">The genotype of a number, with the options of its brief training (<see cref="BriefTraining.Of"/>).</param>
    /// <param name="command">The command line that resumes.</param>
    /// <param name="progress">Is told the number of the candidate and the share of it that is done.</param>
    /// <param name="warn">Is told of warnings.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    public void Run(
        Func<bool> isEnough, Func<int, (Genotype Genotype, TrainOptions Options)> next, string command, Action<int, double> progress, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(isEnough);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(progress);
        Begin();
        while (!isEnough())
        {
            cancel.ThrowIfCancellationRequested();
            var index = Trained.Count;
            var (genotype, options) = next(index);
            var run = RunOf(index);
            Add(BriefTraining.Train(options, genotype, run, command, share => progress(index, share), warn, cancel));
            TakeRecords();
        }
    }

    /// <summary>Trains candidates side by side, each in a process of its own.</summary>
    /// <param name="candidates">All of them, in the order of their numbers; those that are trained come first.</param>
    /// <param name="processes">Starts processes that do what <see cref="Work"/> does; a candidate's number is the name of its job.</param>
    /// <param name="progress">Is told the number of a candidate and the share of it that is done.</param>
    /// <param name="warn">Is told of warnings.</param>
    /// <param name="cancel">Stops all at their next step, after a checkpoint.</param>
    /// <exception cref="DivergedException">The training of a candidate failed; those that went well are kept.</exception>
    public void Run(IReadOnlyList<Genotype> candidates, IJobProcesses processes, Action<int, double> progress, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(warn);
        _state = _state with { Drawn = [.. candidates.Select(candidate => candidate.ToString())] };
        Begin();
        var pending = new List<PendingJob>();
        for (var index = 0; index < candidates.Count; index++)
        {
            progress(index, IsDone(index) ? 1 : 0);
            if (!IsDone(index))
            {
                pending.Add(new PendingJob($"{index}", []));
            }
        }

        JobEnded? failed = null;
        new JobScheduler(processes).Run(pending, Take, cancel);
        if (failed is not null)
        {
            throw new DivergedException($"The training of {NameOf(int.Parse(failed.Job, CultureInfo.InvariantCulture))} failed; those of others are kept. {failed.Error}");
        }

        void Take(JobEvent happened)
        {
            var index = int.Parse(happened.Job, CultureInfo.InvariantCulture);
            switch (happened)
            {
                case JobProgressed progressed:
                    progress(index, progressed.Share);
                    break;
                case JobWarned warned:
                    warn($"{NameOf(index)}: {warned.Text}");
                    break;
                case JobEnded when IsDone(index):
                    TakeRecords();
                    progress(index, 1);
                    break;
                case JobEnded ended when !cancel.IsCancellationRequested:
                    failed ??= ended;
                    break;
            }
        }
    }

    /// <summary>Trains one candidate of a folder in which another process has begun the trainings, and leaves its record there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The number of the candidate.</param>
    /// <param name="options">The options of its brief training (<see cref="BriefTraining.Of"/>).</param>
    /// <param name="command">The command line that resumes.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <param name="warn">Is told of warnings.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    /// <exception cref="InputException">There is no such candidate, another process trains it, or options or data cannot be used.</exception>
    public static void Work(string folder, string name, TrainOptions options, string command, Action<double> progress, Action<string> warn, CancellationToken cancel)
    {
        var trainings = new CandidateTrainings(folder, budgetSeconds: null);
        var drawn = trainings._state.Drawn ?? [];
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= drawn.Count)
        {
            throw new InputException(drawn.Count == 0
                ? $"{folder}: has no candidates for processes of their own. Run select --jobs N first."
                : $"{folder}: has no candidate '{name}'. Its candidates are 0 to {drawn.Count - 1}.");
        }

        if (!trainings.IsDone(index))
        {
            var record = BriefTraining.Train(options, Genotype.Parse(drawn[index]), trainings.RunOf(index), command, progress, warn, cancel);
            AtomicFile.WriteText(trainings.RecordOf(index), JsonFiles.Format(JsonSerializer.SerializeToNode(record, OptionsJson.Format)!));
        }
    }

    /// <summary>A candidate for people: counted from 1 as displays do, with its folder, which counts from 0.</summary>
    private static string NameOf(int index) => $"candidate {index + 1} ({RunsFolder}/{index})";

    private string RunOf(int index) => Path.Combine(folder, RunsFolder, $"{index}");

    private string RecordOf(int index) => RunOf(index) + RecordSuffix;

    /// <summary>Whether a candidate is trained: its record is taken in, perhaps at the end of another one, or still lies where its process has left it.</summary>
    private bool IsDone(int index) => index < Trained.Count || File.Exists(RecordOf(index));

    private void Begin()
    {
        Save();
        TakeRecords();
    }

    /// <summary>Takes in the records of the next candidates as far as they are there.</summary>
    private void TakeRecords()
    {
        while (RecordOf(Trained.Count) is var path && File.Exists(path))
        {
            Add(Read<CandidateRecord>(path, "the record of a trained candidate"));
            File.Delete(path);
        }
    }

    private void Add(CandidateRecord record)
    {
        var run = RunOf(Trained.Count);
        _state = _state with { Candidates = [.. Trained, record] };
        Save();
        BriefTraining.DropWeights(run);
    }

    private void Save() => AtomicFile.WriteText(_path, JsonFiles.Format(JsonSerializer.SerializeToNode(_state, OptionsJson.Format)!));

    private static State? Read(string path) => File.Exists(path) ? Read<State>(path, "trained candidates") : null;

    private static T Read<T>(string path, string what)
    {
        try
        {
            return JsonFiles.ReadObject(path).Deserialize<T>(OptionsJson.Format)!;
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, error.Path ?? "$", what, "something else", "Delete its folder to train again.", error);
        }
    }

    /// <summary>What candidates.json holds; the drawn genotypes where processes of their own train them.</summary>
    private sealed record State(double? BudgetSeconds, IReadOnlyList<CandidateRecord> Candidates, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Drawn = null);
}

/// <summary>A genotype after its brief training.</summary>
/// <param name="Genotype">As text.</param>
/// <param name="ValidationTop1">Share of the validation images that are right.</param>
/// <param name="ValidationLoss">Cross entropy on them.</param>
/// <param name="CpuSeconds">CPU time of its training over all sessions.</param>
/// <param name="Seconds">Wall-clock time of its training.</param>
public sealed record CandidateRecord(string Genotype, double ValidationTop1, double ValidationLoss, double CpuSeconds, double Seconds);
