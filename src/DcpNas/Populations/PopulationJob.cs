using System.Globalization;
using DcpNas.SearchSpace;

namespace DcpNas.Populations;

/// <summary>One training of a population.</summary>
/// <param name="GenotypeSeed">The seed that the genotype is drawn by (<see cref="Discretizer.Random"/>).</param>
/// <param name="TrainingSeed">The seed of the training.</param>
public sealed record PopulationJob(long GenotypeSeed, int TrainingSeed)
{
    private const string GenotypePart = "random-";
    private const string TrainingPart = "-training-";

    /// <summary>The folder of the training within that of the jobs; also its name in messages and tables.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{GenotypePart}{GenotypeSeed}{TrainingPart}{TrainingSeed}");

    /// <summary>What is trained.</summary>
    public Genotype Genotype => Discretizer.Random(GenotypeSeed);

    /// <summary>All trainings: every genotype with the first seed, then the first genotypes with the others.</summary>
    public static IReadOnlyList<PopulationJob> Plan(PopulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            .. Enumerable.Range(1, options.Genotypes).Select(seed => new PopulationJob(seed, options.TrainingSeeds[0])),
            .. options.TrainingSeeds.Skip(1).SelectMany(training => Enumerable.Range(1, Math.Min(options.Repeat, options.Genotypes)).Select(seed => new PopulationJob(seed, training))),
        ];
    }

    /// <summary>The training that a folder of that name is for, or null.</summary>
    public static PopulationJob? FromName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = name.StartsWith(GenotypePart, StringComparison.Ordinal) ? name[GenotypePart.Length..].Split(TrainingPart) : [];
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var genotype)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var training)
            && new PopulationJob(genotype, training) is var job && job.Name == name ? job : null;
    }
}
