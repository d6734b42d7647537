using System.Text.Json.Nodes;
using DcpNas.Populations;
using DcpNas.SearchSpace;

namespace DcpNas.Tests.Populations;

/// <summary>Tables with accuracies chosen by hand.</summary>
internal static class PopulationFixture
{
    public static PopulationHeader Header(int trainingSeed = 0, int epochs = 6, string kind = "synthetic shapes") => new()
    {
        Format = PopulationHeader.CurrentFormat,
        TrainingSeed = trainingSeed,
        Data = new JsonObject
        {
            ["name"] = kind,
            ["kind"] = kind,
            ["classes"] = 3,
            ["size"] = "3 x 8 x 8",
            ["train_images"] = 48,
            ["test_images"] = 12,
            ["digest"] = "sha256:00",
        },
        Train = new JsonObject { ["epochs"] = epochs, ["channels"] = 12, ["threads"] = 1, ["workers"] = 0 },
        Environment = new JsonObject { ["cpu_model"] = "some processor" },
        Command = "dcpnas population --run p",
    };

    public static PopulationNetwork Network(long genotypeSeed, double accuracy, int trainingSeed = 0) => new()
    {
        Name = $"random-{genotypeSeed}-training-{trainingSeed}",
        Genotype = Discretizer.Random(genotypeSeed).ToString(),
        GenotypeSeed = genotypeSeed,
        TrainingSeed = trainingSeed,
        Ops = 4e6 + genotypeSeed,
        MemoryMbit = 0.5,
        Parameters = 90_000,
        ValidTop1 = [0.2, accuracy],
        ValidLoss = [2.0, 0.75],
        BestEpoch = 1,
        TestTop1 = accuracy,
        TestLoss = 0.5,
        Seconds = 10,
        CpuSeconds = genotypeSeed % 2 == 0 ? null : 9.5,
        Threads = 1,
        CpuModel = "some processor",
    };

    public static PopulationTable Table(params double[] accuracies) =>
        new(Header(), [.. accuracies.Select((accuracy, index) => Network(index + 1, accuracy))], "table.jsonl");
}
