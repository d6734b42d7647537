using System.Text.Json;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;

namespace DcpNas.Candidates;

/// <summary>Trains candidates briefly, one after the other, in a folder that resumes: finished ones are kept in <c>candidates.json</c>.</summary>
/// <param name="folder">The folder; each candidate has a run folder <c>candidates/N</c> in it.</param>
/// <param name="budgetSeconds">CPU time that the candidates may take, for the record; the one of the first session holds. Null: their number is given.</param>
public sealed class CandidateTrainings(string folder, double? budgetSeconds)
{
    /// <summary>The file of finished candidates.</summary>
    public const string RecordFile = "candidates.json";

    /// <summary>The folder of their runs.</summary>
    public const string RunsFolder = "candidates";

    private readonly string _path = Path.Combine(folder, RecordFile);
    private State _state = Read(Path.Combine(folder, RecordFile)) ?? new State(budgetSeconds, []);

    /// <summary>The budget that holds.</summary>
    public double? BudgetSeconds => _state.BudgetSeconds;

    /// <summary>The candidates that are trained, in the order of their numbers.</summary>
    public IReadOnlyList<CandidateRecord> Trained => _state.Candidates;

    /// <summary>CPU time of the candidates so far.</summary>
    public double SpentSeconds => Trained.Sum(candidate => candidate.CpuSeconds);

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
        Save();
        while (!isEnough())
        {
            cancel.ThrowIfCancellationRequested();
            var index = Trained.Count;
            var run = Path.Combine(folder, RunsFolder, $"{index}");
            var (genotype, options) = next(index);
            var record = BriefTraining.Train(options, genotype, run, command, share => progress(index, share), warn, cancel);
            _state = _state with { Candidates = [.. Trained, record] };
            Save();
            BriefTraining.DropWeights(run);
        }
    }

    private void Save() => AtomicFile.WriteText(_path, JsonFiles.Format(JsonSerializer.SerializeToNode(_state, OptionsJson.Format)!));

    private static State? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonFiles.ReadObject(path).Deserialize<State>(OptionsJson.Format);
        }
        catch (JsonException error)
        {
            throw InputException.InFile(path, error.Path ?? "$", "trained candidates", "something else", "Delete its folder to train them again.", error);
        }
    }

    /// <summary>What candidates.json holds.</summary>
    private sealed record State(double? BudgetSeconds, IReadOnlyList<CandidateRecord> Candidates);
}

/// <summary>A genotype after its brief training.</summary>
/// <param name="Genotype">As text.</param>
/// <param name="ValidationTop1">Share of the validation images that are right.</param>
/// <param name="ValidationLoss">Cross entropy on them.</param>
/// <param name="CpuSeconds">CPU time of its training over all sessions.</param>
/// <param name="Seconds">Wall-clock time of its training.</param>
public sealed record CandidateRecord(string Genotype, double ValidationTop1, double ValidationLoss, double CpuSeconds, double Seconds);
