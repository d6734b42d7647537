using DcpNas.Comparison;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Data;

namespace DcpNas.Tests.Comparison;

public sealed class ComparisonEntriesTests
{
    [Fact]
    public void Of_RowsOfOnesOwn_TakesTheBaseAndWhatDiffers()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "mine.json");
        Discretizer.Random(5).Save(file);
        var options = ComparisonOptions.FromJson(
            $$"""
            {
              "strategies": ["dcp", "random", "Tangent_1"],
              "rows": {
                "lambda_5": { "base": "dcp", "search": { "lambda": 5 } },
                "with_lambda": { "base": "no_tangent", "search": { "lambda": 7 }, "train": { "epochs": 9 } },
                "mine": "{{file}}",
                "typed": { "base": "{{Discretizer.Random(6)}}" },
                "random_8": { "base": "random_k", "candidates": 8, "candidate_epochs": 3 }
              }
            }
            """, "x.json");
        Assert.Empty(options.Problems());
        var rows = ComparisonEntries.Of(options);
        Assert.Equal(["dcp", "random", "Tangent_1", "lambda_5", "with_lambda", "mine", "typed", "random_8"], rows.Select(row => row.Name));
        Assert.Equal([null, 5.0, 7.0], (double?[])[rows[0].Search.Lambda, rows[3].Search.Lambda, rows[4].Search.Lambda]);
        Assert.Equal((9, "DCP-NAS, lambda = 0, lambda = 7, train.epochs = 9"), (rows[4].Train.Epochs, rows[4].Meaning));
        Assert.Equal([Genotype.FindPreset("Tangent_1"), Discretizer.Random(5), Discretizer.Random(6)], [rows[2].Genotype, rows[5].Genotype, rows[6].Genotype]);
        Assert.Equal((RowKind.BestOfRandom, 8, 3), (rows[7].Kind, rows[7].Candidates, rows[7].CandidateEpochs));
        Assert.Equal(options.ToJson().ToJsonString(), ComparisonOptions.FromJson(options.ToJson().ToJsonString(), "again").ToJson().ToJsonString());

        // A file is kept as what it holds now.
        Assert.Equal(Discretizer.Random(5).ToString(), ComparisonEntries.Resolve(options).Rows["mine"].Base);
    }

    [Fact]
    public void Of_ACommonDiscrepancy_OrdersRowsOfOneSupernetByTheLoss()
    {
        var options = ComparisonOptions.FromJson(
            """{ "strategies": ["dcp", "cp", "direct", "random", "no_tangent"], "search": { "selection": "sampled", "selection_score": "discrepancy" } }""", "x.json");
        Assert.Empty(options.Problems());
        var rows = ComparisonEntries.Of(options);
        Assert.All(rows, row => Assert.Empty(row.Search.Problems()));
        Assert.Equal(
            [SelectionScore.Discrepancy, SelectionScore.Discrepancy, SelectionScore.Loss, SelectionScore.Loss, SelectionScore.Discrepancy], rows.Select(row => row.Search.SelectionScore));
        Assert.Equal("the 1-bit Child alone, on cross entropy, genotypes ordered by the loss, as it has no discrepancy", rows[2].Meaning);
        Assert.Equal("a genotype drawn uniformly", rows[3].Meaning);

        var asked = ComparisonOptions.FromJson("""{ "strategies": ["mine"], "rows": { "mine": { "base": "direct", "search": { "selection_score": "discrepancy" } } } }""", "x.json");
        Assert.StartsWith("rows.mine.search.selection_score must be loss with strategy direct", asked.Problems().Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RowsThatCannotBeUsed_NamesEveryFault()
    {
        var options = ComparisonOptions.FromJson(
            """
            {
              "strategies": ["dcp"],
              "rows": {
                "cp": { "base": "dcp" },
                "a/b": { "base": "dcp" },
                "nothing": { "base": "dpc" },
                "unknown": { "base": "dcp", "search": { "lamda": 1 } },
                "range": { "base": "dcp", "search": { "lambda": -1 }, "train": { "epochs": 0 } },
                "images": { "base": "cp", "train": { "test_images": 5, "channels": 9 }, "search": { "seed": 3 } },
                "many": { "base": "random", "candidates": 3 },
                "brief": { "base": "dcp", "candidate_epochs": 3 },
                "given": { "base": "Tangent_2", "search": { "lambda": 1 } }
              }
            }
            """, "x.json");
        Assert.Equal(
            [
                "rows: 'cp' is a predefined row. Choose another name, and 'cp' as its base.",
                "rows: a name must be 1 to 60 letters, digits, '_', '-' or '.', and begin with a letter or digit, got 'a/b'.",
                $"rows.nothing.base must be a row ({string.Join(", ", ComparisonStrategies.Names)}) or a genotype: a preset (DDPNAS_MCN_2, Tangent_1, Tangent_2), a file or a text, got 'dpc'. Did you mean 'dcp'?",
                "rows.unknown.search: unknown key 'lamda'. Did you mean 'lambda'?",
                "rows.range.search.lambda must be at least 0, got -1.",
                "rows.range.train.epochs must be at least 1, got 0.",
                "rows.images.search.seed must be absent: it is that of each job.",
                "rows.images.train.test_images must be absent: all rows are tested on the same images.",
                "rows.images.train.channels must be absent: every network has the width at which its OPs come nearest to the target.",
                "rows.many: candidates and candidate_epochs are for searches and random_k, got the base 'random'.",
                "rows.brief: candidate_epochs says nothing without candidates.",
                "rows.given.search must be absent: a genotype is given, so nothing is searched.",
            ],
            options.Problems());
    }

    [Fact]
    public void FromJson_OfRowsOfAnotherForm_SaysWhatARowIs()
    {
        var error = Assert.Throws<OptionsException>(() => ComparisonOptions.FromJson("""{ "rows": { "a": 3, "b": { "base": "dcp", "serach": {} }, "c": { "base": "dcp", "candidates": 1.5 } } }""", "x.json"));
        Assert.Equal(
            [
                "rows.a must be an object with the key base, a row or a genotype, got 3.",
                "rows.b: unknown key 'serach'. Did you mean 'search'? Known keys: base, search, train, candidates, candidate_epochs.",
                "rows.c.candidates must be a whole number, got 1.5.",
            ],
            error.Problems);
    }

    [Fact]
    public void Problems_OfPrimaryAndSeeds_NameTheRows()
    {
        Assert.Equal(["primary must be one of the rows dcp, random, got 'cp'."], (new ComparisonOptions { Strategies = ["dcp", "random"], Primary = "cp" }).Problems());
        Assert.Equal(
            ["random_k takes the CPU time of the search of the primary row, but 'random' searches nothing. Name a primary row that searches, or give rows.NAME.candidates."],
            (new ComparisonOptions { Strategies = ["random", "random_k"] }).Problems());
        Assert.Equal(
            ["seeds must be absent where search_seeds are given: they stand for both."],
            Assert.Throws<OptionsException>(() => ComparisonOptions.FromJson("""{ "seeds": [1], "search_seeds": [2] }""", "x")).Problems);
        Assert.Equal(["train_seeds must hold at least one, each once, got []."], (new ComparisonOptions { TrainSeeds = [] }).Problems());
    }
}
