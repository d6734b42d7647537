using System.Text.Json.Nodes;

namespace EndToEnd;

public sealed class RankTests
{
    [Fact]
    public void Rank_OfASearchAndAPopulation_PrintsTauAndThePlaceOfTheFoundNetwork()
    {
        using var folder = new TemporaryFolder();
        Cli.Run(folder.Path, ["search", .. Cli.TinySearch, "--run", "s"]).Ends(0);
        string[] training =
        [
            "--dataset", "synthetic", "--train-images", "40", "--test-images", "20", "--cells", "1", "--channels", "2", "--stem-multiplier", "1", "--epochs", "1", "--two-step", "false",
            "--batch-size", "12", "--threads", "1", "--workers", "0", "--reestimate-images", "0",
        ];
        Cli.Run(folder.Path, ["population", .. training, "--genotypes", "3", "--run", "p"]).Ends(0);
        Cli.Run(folder.Path, ["train", .. training, "--genotype", "s/genotype.json", "--run", "s/train"]).Ends(0);
        var table = Path.Combine("p", "population.jsonl");

        var ranked = Cli.Run(folder.Path, ["rank", "s", "--population", table]).Ends(0);

        Assert.Contains("3 random networks of", ranked.Output, StringComparison.Ordinal);
        Assert.Contains("log likelihood under the child's alpha", ranked.Output, StringComparison.Ordinal);
        Assert.Contains("percentile", ranked.Output, StringComparison.Ordinal);
        Cli.Run(folder.Path, ["report", "s"]).Ends(0);
        Assert.Contains("What the search knows", File.ReadAllText(Path.Combine(folder["s"], "report.html")), StringComparison.Ordinal);
        var json = JsonNode.Parse(Cli.Run(folder.Path, ["rank", "s", "--population", table, "--accuracy", "1", "--images", "12", "--json"]).Ends(0).Output)!;
        Assert.Equal((100, 12), ((double)json["found"]!["percentile"]!, (int)json["images"]!));

        Assert.Contains("limit must be at least 3, got 1.", Cli.Run(folder.Path, ["rank", "s", "--population", table, "--limit", "1"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--accuracy must be a number", Cli.Run(folder.Path, ["rank", "s", "--population", table, "--accuracy", "good"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("images must be at least a batch of the search, 6, got 2", Cli.Run(folder.Path, ["rank", "s", "--population", table, "--images", "2"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("missing.jsonl", Cli.Run(folder.Path, ["rank", "s", "--population", "missing.jsonl"]).Ends(2).Error, StringComparison.Ordinal);
    }
}
