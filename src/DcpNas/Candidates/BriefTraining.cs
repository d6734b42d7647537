using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.SearchSpace;
using DcpNas.Tasks.Classification;
using DcpNas.Training;

namespace DcpNas.Candidates;

/// <summary>A training that only has to tell good genotypes from bad ones: the full one with a fraction of its epochs.</summary>
public static class BriefTraining
{
    private const int Fraction = 4;

    /// <summary>Epochs of the last step: those asked for, or a quarter of the full training, rounded up.</summary>
    public static int Epochs(int? asked, TrainOptions full)
    {
        ArgumentNullException.ThrowIfNull(full);
        return asked ?? ((full.Epochs + Fraction - 1) / Fraction);
    }

    /// <summary>The options of a brief training: every step is shortened alike, and no test image is looked at.</summary>
    /// <param name="full">The full training.</param>
    /// <param name="epochs">Epochs of the last step.</param>
    public static TrainOptions Of(TrainOptions full, int epochs)
    {
        ArgumentNullException.ThrowIfNull(full);
        return full with
        {
            Epochs = epochs,
            Step1Epochs = full.Step1Epochs is { } step1 ? Math.Max(1, (int)Math.Round((double)step1 * epochs / full.Epochs)) : null,
            WarmupEpochs = Math.Min(full.WarmupEpochs, epochs - 1),
            TestImages = 1, // validation decides; the test images are for the kept one
        };
    }

    /// <summary>Trains a genotype briefly, or goes on where a kill has cut it.</summary>
    /// <param name="options">From <see cref="Of"/>, with the genotype's width and the seed.</param>
    /// <param name="genotype">The cells.</param>
    /// <param name="run">Its run folder.</param>
    /// <param name="command">The command line that repeats this.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <param name="warn">Is told of warnings.</param>
    /// <param name="cancel">Stops at the next step, after a checkpoint.</param>
    public static CandidateRecord Train(
        TrainOptions options, Genotype genotype, string run, string command, Action<double> progress, Action<string> warn, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(genotype);
        ArgumentNullException.ThrowIfNull(progress);
        Directory.CreateDirectory(run);
        var meter = new CpuMeter($"{run}-cpu.json", options.Device);
        options = options with { Genotype = genotype.ToString(), Threads = RunFolder.ThreadsIn(run) ?? options.Threads };
        var outcome = TrainRun.Execute(options, run, command, new TrainShare(Tell, warn), warn, cancel);
        FinalizerGate.SafePoint();
        var seconds = RunHistory.In(run).TimeSpent.TotalSeconds;
        return new CandidateRecord(genotype.ToString(), outcome.Validation["top1"], outcome.Validation["loss"], meter.Finish() ?? seconds, seconds);

        void Tell(double share)
        {
            meter.Tell(share);
            progress(share);
        }
    }

    /// <summary>Deletes the weights of a candidate whose record is kept: dozens of candidates need no checkpoints any more.</summary>
    public static void DropWeights(string run)
    {
        foreach (var model in Directory.EnumerateFiles(run, "*.safetensors*"))
        {
            File.Delete(model);
        }
    }

    /// <summary>The best candidate: the lowest cross entropy on the validation images, which tells more of few images than the accuracy does; equal ones by the accuracy.</summary>
    public static CandidateRecord Best(IEnumerable<CandidateRecord> candidates) => candidates.OrderBy(candidate => candidate.ValidationLoss).ThenByDescending(candidate => candidate.ValidationTop1).First();
}
