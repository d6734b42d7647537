using System.Text.Json.Nodes;
using DcpNas.Runs;
using DcpNas.SearchSpace;

namespace DcpNas.Populations;

/// <summary>The genotype that a search found, among a population.</summary>
/// <param name="Genotype">The cells.</param>
/// <param name="Scores">What the search says of it.</param>
/// <param name="Accuracy">Its test accuracy after a training like that of the population; null where it is not known.</param>
/// <param name="Source">Where the accuracy comes from.</param>
/// <param name="Percentile">How many per cent of the random networks are worse, ties counted half.</param>
public sealed record FoundNetwork(Genotype Genotype, SearchScores Scores, double? Accuracy, string? Source, double? Percentile)
{
    /// <summary>The network as JSON.</summary>
    public JsonObject ToJson()
    {
        var json = Scores.ToJson();
        json["genotype"] = Genotype.ToString();
        json["test_top1"] = Accuracy;
        json["source"] = Source;
        json["percentile"] = Percentile;
        return json;
    }

    /// <summary>Looks for the accuracy of a genotype: as the user gave it, in a training, in the training inside the search's folder, in the table.</summary>
    /// <param name="options">What the user gave.</param>
    /// <param name="genotype">The genotype.</param>
    /// <param name="table">The population.</param>
    /// <param name="warn">Is told why the training in the search's folder does not count.</param>
    /// <exception cref="InputException">The named training is of another genotype or testbed, or not finished.</exception>
    internal static (double Accuracy, string Source)? AccuracyOf(RankCorrelationOptions options, Genotype genotype, PopulationTable table, Action<string> warn)
    {
        if (options.Accuracy is { } given)
        {
            return (given, "given");
        }

        if (options.Trained is { } trained)
        {
            return (OfTraining(trained, genotype, table), trained);
        }

        var inside = Path.Combine(options.Run, RunFiles.TrainFolder);
        if (File.Exists(Path.Combine(inside, RunFiles.Results)))
        {
            try
            {
                return (OfTraining(inside, genotype, table), inside);
            }
            catch (InputException error)
            {
                warn($"The percentile of the found network cannot be taken from its training: {error.Message}");
            }
        }

        return table.Find(genotype) is { } known ? (known.TestTop1, $"{options.Population}, {known.Name}") : null;
    }

    private static double OfTraining(string path, Genotype genotype, PopulationTable table)
    {
        using var run = RunFolder.OpenForReading(path);
        var results = run.ReadJson(RunFiles.Results) ?? throw InputException.InFile(path, RunFiles.Results, "the results of a finished training", "no such file", "Finish the training first.");
        if (run.Options["genotype"] is not JsonValue text || !Genotype.Resolve(text.ToString()).Equals(genotype))
        {
            throw InputException.InFile(path, "genotype", $"the found one ({genotype})", JsonFiles.Show(run.Options["genotype"]), "Name the training of the network that the search found.");
        }

        if (table.Header.Testbed().FirstDifference(run.Options, run.PathOf(RunFiles.Options)) is { } difference)
        {
            throw new InputException($"{path}: was not trained like the population: {difference}. Train the found network with the options of the population.");
        }

        return MetricRecord.Decode(results["test"]?["top1"]) is { } top1 and >= 0 and <= 1
            ? top1
            : throw InputException.InFile(path, $"{RunFiles.Results}, test.top1", "a share from 0 to 1", JsonFiles.Show(results["test"]?["top1"]), "Use the folder of an undamaged training.");
    }
}
