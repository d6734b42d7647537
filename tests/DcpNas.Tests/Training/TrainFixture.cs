using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Runs;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Runs;
using DcpNas.Training;

namespace DcpNas.Tests.Training;

/// <summary>Whole trainings of seconds in a temporary folder, which can be killed at any step.</summary>
internal sealed class TrainFixture : ITrainObserver
{
    public static readonly TrainOptions Tiny = new()
    {
        Genotype = "DDPNAS_MCN_2",
        Cells = 1,
        Channels = 2,
        StemMultiplier = 1,
        Epochs = 2,
        BatchSize = 16,
        ValidationShare = 0.2,
        ReestimateImages = 32,
        DropPath = 0.2,
        EmaDecay = 0.9,
        Rate = 0.01,
        Workers = 0,
        Threads = 1,
        Seed = 4,
        CheckpointMinutes = 60,
    };

    private static readonly string[] TimeFields = ["seconds", "cpu_seconds", "images_per_second", "data_wait_seconds", "peak_memory_mb"];

    public TrainFixture() => LibTorch.Load();

    public List<TrainStep> Steps { get; } = [];

    public List<TrainEpoch> Epochs { get; } = [];

    public List<string> Events { get; } = [];

    /// <summary>Throws in the middle of this global step, before any checkpoint of it.</summary>
    public long? KillAtStep { get; init; }

    public Action<TrainStep>? AtStep { get; init; }

    public TrainOutcome Run(string folder, TrainOptions? options = null, DatasetPair? data = null) => RunUntil(folder, options, data, CancellationToken.None);

    public TrainOutcome RunUntil(string folder, TrainOptions? options, DatasetPair? data, CancellationToken cancel)
    {
        using var setup = (options ?? Tiny).Prepare(data ?? SmallImages.Pair());
        return TrainRun.Execute(setup, folder, "train", this, _ => { }, cancel);
    }

    public void OnStep(TrainStep step)
    {
        Steps.Add(step);
        AtStep?.Invoke(step);
        if (step.GlobalStep == KillAtStep)
        {
            throw new KilledInTrainingException();
        }
    }

    public void OnEpoch(TrainEpoch epoch) => Epochs.Add(epoch);

    public void OnEvent(int epoch, bool warning, string name, string text) => Events.Add(name);

    /// <summary>Every tensor of a model, exactly.</summary>
    public static string Digest(string folder, string file)
    {
        using var checkpoint = Checkpoint.Load(Path.Combine(folder, file));
        return string.Join('\n', checkpoint.Tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} {Convert.ToHexString(SHA256.HashData(pair.Value.contiguous().bytes.ToArray()))}"));
    }

    /// <summary>The log without what depends on the clock, and without the marks of a resumed session.</summary>
    public static string[] Metrics(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, RunFiles.Metrics)).Select(line =>
        {
            var record = JsonNode.Parse(line)!.AsObject();
            foreach (var field in TimeFields)
            {
                record.Remove(field);
            }

            return record.ToJsonString();
        }),
    ];

    public static TemporaryFolder Folder() => new();
}

/// <summary>The process died here.</summary>
internal sealed class KilledInTrainingException : Exception;
