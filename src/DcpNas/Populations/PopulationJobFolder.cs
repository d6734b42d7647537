using System.Text.Json.Nodes;
using DcpNas.Runs;

namespace DcpNas.Populations;

/// <summary>The run folder of one training of a population: whether it is done, and what it came to.</summary>
/// <param name="job">The training.</param>
/// <param name="path">Its folder; it need not exist.</param>
/// <param name="taken">What it came to elsewhere, if it was taken over from another table; the folder then counts no more.</param>
internal sealed class PopulationJobFolder(PopulationJob job, string path, PopulationNetwork? taken)
{
    private const string Remedy = "Delete the folder to train it again.";

    /// <summary>The training.</summary>
    public PopulationJob Job => job;

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Whether a training was begun here.</summary>
    public bool Exists => File.Exists(PathOf(RunFiles.Options));

    /// <summary>Whether it has come to its end.</summary>
    public bool IsFinished => taken is not null || (Exists && File.Exists(PathOf(RunFiles.Results)) && History().IsFinished);

    /// <summary>The threads that the training was begun with; null where it was not.</summary>
    public int? Threads => RunFolder.ThreadsIn(path);

    /// <summary>Refuses a folder that holds another training, naming the first difference.</summary>
    /// <param name="testbed">What all trainings have in common.</param>
    /// <exception cref="InputException">Another genotype, seed or option.</exception>
    public void DemandSame(PopulationTestbed testbed)
    {
        if (!Exists || taken is not null)
        {
            return;
        }

        var options = Read(RunFiles.Options);
        var difference = JsonFiles.Show(options["genotype"]) != job.Genotype.ToString() ? $"genotype: {JsonFiles.Show(options["genotype"])} there, {job.Genotype} here"
            : JsonFiles.Show(options["seed"]) != $"{job.TrainingSeed}" ? $"seed: {JsonFiles.Show(options["seed"])} there, {job.TrainingSeed} here"
            : testbed.FirstDifference(options, PathOf(RunFiles.Options));
        if (difference is not null)
        {
            throw new InputException($"{path}: holds a training of other options: {difference}. Use the same options to go on with it, or another folder for a new population.");
        }
    }

    /// <summary>What a finished training came to.</summary>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public PopulationNetwork Read()
    {
        if (taken is not null)
        {
            return taken;
        }

        var results = Read(RunFiles.Results);
        var (cost, test) = (Part(results, "cost"), Part(results, "test"));
        var history = History();
        var epochs = history.Epochs.OrderBy(record => record.Number(MetricFields.Epoch)).ToList();
        var cpu = epochs.Select(record => record.Number(MetricFields.CpuSeconds)).ToList();
        return new PopulationNetwork
        {
            Name = job.Name,
            Genotype = job.Genotype.ToString(),
            GenotypeSeed = job.GenotypeSeed,
            TrainingSeed = job.TrainingSeed,
            Ops = Number(cost, RunFiles.Results, "ops"),
            MemoryMbit = Number(cost, RunFiles.Results, "memory_mbit"),
            Parameters = (long)(Number(cost, RunFiles.Results, "binary_weights") + Number(cost, RunFiles.Results, "real_parameters")),
            ValidTop1 = [.. epochs.Select(record => InLog(record, "valid_top1"))],
            ValidLoss = [.. epochs.Select(record => InLog(record, "valid_loss"))],
            BestEpoch = (int)Number(results, RunFiles.Results, "best_epoch"),
            TestTop1 = Number(test, RunFiles.Results, "top1"),
            TestLoss = Number(test, RunFiles.Results, "loss"),
            Seconds = history.TimeSpent.TotalSeconds,
            CpuSeconds = cpu.Count > 0 && cpu.All(seconds => seconds is not null) ? cpu.Sum() : null,
            Threads = Threads!.Value,
            CpuModel = (Read(RunFiles.Environment)["sessions"] as JsonArray)?.LastOrDefault()?["cpu_model"] is { } model ? JsonFiles.Show(model) : null,
        };
    }

    /// <summary>Deletes weights and optimiser states of a finished training; results, log and report stay.</summary>
    public void DropCheckpoints()
    {
        foreach (var file in Exists ? Directory.EnumerateFiles(path, "*.safetensors") : [])
        {
            File.Delete(file);
        }
    }

    private string PathOf(string name) => System.IO.Path.Combine(path, name);

    private JsonObject Read(string name) => File.Exists(PathOf(name))
        ? JsonFiles.ReadObject(PathOf(name))
        : throw InputException.InFile(path, name, "a file of a training", "no such file", Remedy);

    private RunHistory History() => RunHistory.In(path);

    private JsonObject Part(JsonObject json, string key) => json[key] as JsonObject ?? throw InputException.InFile(PathOf(RunFiles.Results), key, "an object", JsonFiles.Show(json[key]), Remedy);

    private double Number(JsonObject json, string file, string key) =>
        MetricRecord.Decode(json[key]) is { } number && double.IsFinite(number) ? number : throw InputException.InFile(PathOf(file), key, "a number", JsonFiles.Show(json[key]), Remedy);

    private double InLog(MetricRecord record, string key) =>
        record.Number(key) ?? throw InputException.InFile(PathOf(RunFiles.Metrics), $"epoch {RunHistory.EpochOf(record)}", key, "none", Remedy);
}
