using System.Text.Json.Nodes;

namespace DcpNas.Populations;

/// <summary>The first line of the table of a population.</summary>
public sealed record PopulationHeader
{
    /// <summary>The name of the format.</summary>
    public const string CurrentFormat = "dcpnas-population-1";

    /// <summary><see cref="CurrentFormat"/>.</summary>
    public required string Format { get; init; }

    /// <summary>The seed of the trainings that compare genotypes: one per genotype.</summary>
    public required int TrainingSeed { get; init; }

    /// <summary>The images.</summary>
    public required JsonObject Data { get; init; }

    /// <summary>The resolved options of all trainings, without genotype, seed and the folder of the data.</summary>
    public required JsonObject Train { get; init; }

    /// <summary>What wrote the table: versions, processor, threads; not the name of the machine, as tables are published.</summary>
    public required JsonObject Environment { get; init; }

    /// <summary>The command that repeats it.</summary>
    public required string Command { get; init; }

    /// <summary>What the networks have in common.</summary>
    internal PopulationTestbed Testbed() => new(Train, Data);
}
