using System.Text.Json;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using DcpNas.Training;

namespace DcpNas.Comparison;

/// <summary>The best of K random genotypes: each trained briefly at the common cost, the best on validation images kept.</summary>
/// <remarks>
/// The yardstick of Li and Talwalkar, "Random Search and Reproducibility for Neural Architecture Search" (arXiv:1902.07638): what a search must beat at the same
/// cost. Candidates are drawn until their CPU time is as near as whole candidates allow to that of the primary row's search, at least one; equal accuracies go to
/// the lower loss. Budget and candidates are kept in <c>candidates.json</c>; the training that a kill cut goes on from its checkpoint.
/// </remarks>
/// <param name="setup">What all jobs share.</param>
/// <param name="command">The command line that resumes them.</param>
/// <param name="warn">Is told of warnings.</param>
internal sealed class RandomSelection(ComparisonSetup setup, string command, Action<string> warn)
{
    private const string RecordFile = "candidates.json";
    private const string Folder = "candidates";

    /// <summary>Finds the genotype.</summary>
    /// <inheritdoc cref="IComparisonWork.Find"/>
    public FoundGenotype Find(ComparisonJob job, string folder, double? budgetSeconds, Action<double> progress, CancellationToken cancel)
    {
        var path = Path.Combine(folder, RecordFile);
        var state = Read(path) ?? new State(budgetSeconds, []);
        Save(path, state); // the budget of the first session holds, whatever becomes of the primary row
        while (!IsEnough(job, state))
        {
            cancel.ThrowIfCancellationRequested();
            var done = Share(job, state);
            var next = Share(job, state with { Candidates = [.. state.Candidates, new CandidateRecord("", 0, 0, MeanSeconds(state) ?? state.BudgetSeconds ?? 0, 0)] });
            state = state with { Candidates = [.. state.Candidates, Train(job, folder, state.Candidates.Count, share => progress(done + (share * (next - done))), cancel)] };
            Save(path, state);
            foreach (var model in Directory.EnumerateFiles(RunOf(folder, state.Candidates.Count - 1), "*.safetensors*"))
            {
                File.Delete(model); // dozens of candidates need no checkpoints any more
            }
        }

        var best = state.Candidates.OrderByDescending(candidate => candidate.ValidationTop1).ThenBy(candidate => candidate.ValidationLoss).First();
        var spent = state.Candidates.Sum(candidate => candidate.CpuSeconds);
        return new FoundGenotype(
            Genotype.Parse(best.Genotype), spent, new CandidateSelection(state.Candidates.Count, job.Row.CandidateEpochs, state.BudgetSeconds, spent, best.ValidationTop1));
    }

    /// <summary>Wall-clock time of the candidates in the folder of a job.</summary>
    public static double SecondsIn(string folder) => Read(Path.Combine(folder, RecordFile))?.Candidates.Sum(candidate => candidate.Seconds) ?? 0;

    /// <summary>The genotype of a candidate: another one for every seed and number, none of them that of the row <c>random</c>.</summary>
    internal static Genotype Draw(int seed, int index) => Discretizer.Random(((seed + 1L) << 32) + index);

    /// <summary>The brief training of a candidate: every part of the full one is shortened alike.</summary>
    internal static TrainOptions Brief(TrainOptions common, int epochs) => common with
    {
        Epochs = epochs,
        Step1Epochs = common.Step1Epochs is { } step1 ? Math.Max(1, (int)Math.Round((double)step1 * epochs / common.Epochs)) : null,
        WarmupEpochs = Math.Min(common.WarmupEpochs, epochs - 1),
    };

    /// <summary>Whether one more candidate would lead further from the budget than none.</summary>
    internal static bool IsEnough(int? wanted, double? budgetSeconds, IReadOnlyList<double> spent) =>
        wanted is { } count ? spent.Count >= count
        : spent.Count > 0 && spent.Sum() + (spent.Average() / 2) >= budgetSeconds!.Value;

    private static bool IsEnough(ComparisonJob job, State state) => IsEnough(job.Row.Candidates, state.BudgetSeconds, [.. state.Candidates.Select(candidate => candidate.CpuSeconds)]);

    private static double? MeanSeconds(State state) => state.Candidates.Count == 0 ? null : state.Candidates.Average(candidate => candidate.CpuSeconds);

    private static double Share(ComparisonJob job, State state) => Math.Min(1, job.Row.Candidates is { } count
        ? (double)state.Candidates.Count / count
        : state.Candidates.Sum(candidate => candidate.CpuSeconds) / Math.Max(state.BudgetSeconds!.Value, 1e-9));

    private CandidateRecord Train(ComparisonJob job, string folder, int index, Action<double> progress, CancellationToken cancel)
    {
        var genotype = Draw(job.Seed, index);
        var common = job.Row.Train;
        var run = RunOf(folder, index);
        Directory.CreateDirectory(run);
        var meter = new CpuMeter($"{run}-cpu.json", common.Device);
        var options = Brief(common, job.Row.CandidateEpochs) with
        {
            Genotype = genotype.ToString(),
            Channels = setup.SizeOf(genotype, common).Channels,
            Seed = job.Seed,
            TestImages = 1, // validation decides; the test images are for the kept one
        };
        var outcome = TrainRun.Execute(options, run, command, new TrainShare(Tell, warn), warn, cancel);
        FinalizerGate.SafePoint();
        var seconds = new RunHistory(MetricsReader.Read(Path.Combine(run, RunFiles.Metrics))).TimeSpent.TotalSeconds;
        return new CandidateRecord(genotype.ToString(), outcome.Validation["top1"], outcome.Validation["loss"], meter.Finish() ?? seconds, seconds);

        void Tell(double share)
        {
            meter.Tell(share);
            progress(share);
        }
    }

    private static string RunOf(string folder, int index) => Path.Combine(folder, Folder, $"{index}");

    private static void Save(string path, State state) => AtomicFile.WriteText(path, JsonFiles.Format(JsonSerializer.SerializeToNode(state, OptionsJson.Format)!));

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
            throw InputException.InFile(path, error.Path ?? "$", "the candidates of a job", "something else", "Delete the folder of the job to run it again.", error);
        }
    }

    /// <summary>What candidates.json holds.</summary>
    private sealed record State(double? BudgetSeconds, IReadOnlyList<CandidateRecord> Candidates);
}
