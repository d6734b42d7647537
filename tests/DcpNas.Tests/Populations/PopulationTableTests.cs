using System.Text.Json.Nodes;
using DcpNas.Populations;
using DcpNas.SearchSpace;
using DcpNas.Tests.Runs;

namespace DcpNas.Tests.Populations;

/// <summary>The table of a population: its figures against hand-worked ones, its file, and what it refuses.</summary>
public class PopulationTableTests
{
    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.5, 12.5)] // of four: none below, one equal
    [InlineData(0.6, 50)] // one below, two equal
    [InlineData(0.65, 75)]
    [InlineData(0.7, 87.5)]
    [InlineData(0.71, 100)]
    public void Percentile_OfAnAccuracy_CountsTiesHalf(double accuracy, double expected) =>
        Assert.Equal(expected, PopulationFixture.Table(0.6, 0.5, 0.7, 0.6).Percentile(accuracy));

    [Fact]
    public void Percentile_OfItsOwnNetworks_IsFiftyOnAverage()
    {
        var table = PopulationFixture.Table(0.61, 0.5, 0.7, 0.61, 0.42, 0.7, 0.7);

        Assert.Equal(50, table.Sample.Average(network => table.Percentile(network.TestTop1)), 1e-12);
    }

    [Fact]
    public void Quantile_BetweenTwo_IsLinear()
    {
        var table = PopulationFixture.Table(0.4, 0.8, 0.5, 0.6);

        Assert.Equal(0.4, table.Quantile(0));
        Assert.Equal(0.55, table.Quantile(0.5), 1e-15);
        Assert.Equal(0.425, table.Quantile(0.25 / 3), 1e-15);
        Assert.Equal(0.8, table.Quantile(1));
    }

    [Fact]
    public void Accuracy_OfGenotypesTrainedSeveralTimes_CountsEachOnce()
    {
        PopulationNetwork[] networks = [PopulationFixture.Network(1, 0.4), PopulationFixture.Network(2, 0.6), PopulationFixture.Network(1, 0.9, 1), PopulationFixture.Network(1, 0.8, 2)];
        var table = new PopulationTable(PopulationFixture.Header(), networks, "t");

        Assert.Equal(2, table.Sample.Count);
        Assert.Equal(0.5, table.Accuracy.Mean, 1e-15);
        Assert.Equal(100, table.Percentile(0.7));
    }

    [Fact]
    public void Noise_OfRepeatedTrainings_IsTheHandWorkedOne()
    {
        // Genotype 1: 0.4 0.6, variance 0.02 with 1 degree of freedom; genotype 2: 0.5 0.6 0.7, variance 0.01 with 2. Within: (0.02 + 2 0.01) / 3.
        // Single trainings of seed 0: 0.4 0.5 0.9, mean 0.6, variance (0.04 + 0.01 + 0.09) / 2 = 0.07.
        PopulationNetwork[] networks =
        [
            PopulationFixture.Network(1, 0.4), PopulationFixture.Network(2, 0.5), PopulationFixture.Network(3, 0.9),
            PopulationFixture.Network(1, 0.6, 1), PopulationFixture.Network(2, 0.6, 1), PopulationFixture.Network(2, 0.7, 2),
        ];

        var noise = new PopulationTable(PopulationFixture.Header(), networks, "t").Noise!;

        Assert.Equal((2, 5), (noise.Genotypes, noise.Trainings));
        Assert.Equal(Math.Sqrt(0.04 / 3), noise.Within, 1e-12);
        Assert.Equal(Math.Sqrt(0.07), noise.Total!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(0.07 - (0.04 / 3)), noise.Between!.Value, 1e-12);
        Assert.Equal(1 - (0.04 / 3 / 0.07), noise.Reliability!.Value, 1e-12);
    }

    [Fact]
    public void Noise_WithoutRepeatedTrainings_IsUnknown() => Assert.Null(PopulationFixture.Table(0.4, 0.5).Noise);

    [Fact]
    public void Load_OfASavedTable_GivesTheSame()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "t.jsonl");
        var table = PopulationFixture.Table(0.1 + 0.2, 0.5, 1.0 / 3);

        table.Save(path);
        var loaded = PopulationTable.Load(path);

        Assert.Equal(table.ToText(), loaded.ToText());
        Assert.Equal(table.Sample.Select(network => network.TestTop1), loaded.Sample.Select(network => network.TestTop1));
        Assert.All(File.ReadLines(path), line => Assert.NotNull(JsonNode.Parse(line)));
        Assert.Contains("n2[", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(table.Sample[1].Name, loaded.Find(Discretizer.Random(2))!.Name);
        Assert.Null(loaded.Find(Discretizer.Random(77)));
    }

    [Fact]
    public void Percentile_OfATableWithoutNetworks_SaysWhatToDo()
    {
        var error = Assert.Throws<InputException>(() => PopulationFixture.Table().Percentile(0.5));

        Assert.Equal("table.jsonl: the population has no trained network with training seed 0 yet. Run dcpnas population until one is finished.", error.Message);
    }

    [Fact]
    public void DemandTestbed_OfAnotherTraining_NamesTheFirstDifference()
    {
        var table = PopulationFixture.Table(0.5);
        table.DemandTestbed(PopulationFixture.Header().Testbed());
        var faster = PopulationFixture.Header();
        faster.Train["threads"] = 8;
        table.DemandTestbed(faster.Testbed()); // changes speed alone

        var error = Assert.Throws<InputException>(() => table.DemandTestbed(PopulationFixture.Header(epochs: 12).Testbed()));

        Assert.Equal("table.jsonl: a population of another testbed: train.epochs: 6 there, 12 here. Accuracies compare within one testbed only; "
            + "use its population, or train one with dcpnas population.", error.Message);
        table.DemandTestbed(PopulationFixture.Header(epochs: 12).Testbed(), ["train.epochs"]);
        error = Assert.Throws<InputException>(() => table.DemandTestbed(PopulationFixture.Header(kind: "CIFAR-10").Testbed()));
        Assert.Contains("data.kind: synthetic shapes there, CIFAR-10 here.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstDifference_FromATableAndATrainingWithARenamedValue_IsNone()
    {
        var header = PopulationFixture.Header();
        header.Train["teacher"] = "twin";
        var read = PopulationTable.Read(new PopulationTable(header, [], "t").ToText(), "t");
        Assert.Equal("full_precision", (string?)read.Header.Train["teacher"]);

        var training = (JsonObject)header.Train.DeepClone();
        Assert.Null(read.Header.Testbed().FirstDifference(training, "options.json"));
        training["epochs"] = 7;
        Assert.Equal("train.epochs: 7 there, 6 here", read.Header.Testbed().FirstDifference(training, "options.json"));
    }

    public static TheoryData<Func<string[], string>, string> Faults => new()
    {
        { _ => "", "t: at line 1, expected the header of a population (dcpnas-population-1) but found an empty line." },
        { lines => $"{lines[0].Replace("population-1", "population-9", StringComparison.Ordinal)}\n", "t: at line 1, expected the format dcpnas-population-1 but found 'dcpnas-population-9'." },
        { lines => $"{lines[0]}\n{lines[1]}\n{lines[2][..40]}", "t: at line 3, expected a line that ends but found the end of the file in its middle." },
        { lines => $"{lines[0]}\n\n{lines[1]}\n", "t: at line 2, expected a trained network but found an empty line." },
        { lines => $"{lines[0]}\n{lines[1][..40]}\n", "t: at line 2, expected a trained network but found" },
        { lines => $"{lines[0]}\n{lines[1].Replace("\"test_top1\":0.5,", "", StringComparison.Ordinal)}\n", "t: at line 2, expected a trained network but found JSON deserialization for type 'DcpNas.Populations.PopulationNetwork' was missing required properties" },
        { lines => $"{lines[0]}\n{lines[1].Replace("\"test_top1\":0.5,", "\"test_top1\":50,", StringComparison.Ordinal)}\n", "t: at line 2, expected accuracies from 0 to 1 but found others (random-1-training-0)." },
        { lines => $"{lines[0]}\n{lines[1].Replace("n5[", "n9[", StringComparison.Ordinal)}\n", "t: at line 2, expected a genotype but found" },
        { lines => $"{lines[0]}\n{lines[1]}\n{lines[1]}\n", "t: at line 3, expected every training once but found random-1-training-0, which stands in line 2 too." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Read_OfADamagedTable_NamesLineAndRemedy(Func<string[], string> damage, string expected)
    {
        var lines = PopulationFixture.Table(0.5, 0.6).ToText().Split('\n');

        var error = Assert.Throws<InputException>(() => PopulationTable.Read(damage(lines), "t"));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Use an undamaged copy, or write it again with dcpnas population.", error.Message, StringComparison.Ordinal);
    }
}
