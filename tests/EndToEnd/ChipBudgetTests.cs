using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>A network found under the budget of a chip, measured by the generator of C itself.</summary>
public sealed class ChipBudgetTests
{
    // Random genotypes need no training, so this is the whole of a search but its epochs.
    private static readonly string[] Search = ["search", "--strategy", "random", "--force", .. Cli.TinySearch, "--final-stem", "half", "--final-stem-multiplier", "1"];
    private static readonly string[] Network = ["--channels", "4", "--cells", "3", "--stem", "half", "--stem-multiplier", "1"];

    [Fact]
    public void Search_UnderABudget_FindsWhatCostAndTrainSayFits()
    {
        using var folder = new TemporaryFolder();

        var found = JsonNode.Parse(Cli.Run(folder.Path, [.. Search, "--max-flash", "22K", "--max-instructions", "6M", "--core", "cortex-m0", "--run", "s", "--json"]).Ends(0).Output)!["chip"]!;

        Assert.InRange((long)found["flash_bytes"]!, 1, 22 * 1024);
        Assert.InRange((long)found["instructions"]!, 1, 6_000_000);
        var genotype = Path.Combine("s", "genotype.json");
        var cost = JsonNode.Parse(Cli.Run(folder.Path, ["cost", genotype, .. Network, "--core", "cortex-m0", "--json"]).Ends(0).Output)!["chips"]![0]!;
        Assert.Equal((long)found["flash_bytes"]!, (long)cost["flash_bytes"]!);
        Assert.Equal((long)found["arena_bytes"]!, (long)cost["arena_bytes"]!);
        Assert.Equal((long)found["instructions"]!, (long)cost["instructions"]!);
        Assert.Equal("cortex-m0", (string)found["core"]!);
        var options = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["s"], "options.json")))!;
        Assert.Equal((22 * 1024, 6e6), ((double)options["max_flash"]!, (double)options["max_instructions"]!)); // K of bytes is 1024, M of instructions a million
        Assert.Contains("constants and code of the generated C on cortex-m0", File.ReadAllText(Path.Combine(folder["s"], "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Search_UnderABudgetThatNothingKeepsTo_EndsBeforeItLeavesAFolder()
    {
        using var folder = new TemporaryFolder();

        var error = Cli.Run(folder.Path, [.. Search, "--max-ram", "12K", "--run", "s"]).Ends(2).Error;

        Assert.Contains("The budget cannot be met on cortex-m4: the smallest genotype found takes 18,432 bytes of RAM (max_ram 12,288) in a network of 3 cells and 4 channels with the stem half", error, StringComparison.Ordinal);
        Assert.Contains("Lower final_channels or final_cells, take smaller images, take shortcuts of 8 bits, or raise the limit.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["s"]));
        Assert.Contains("--max-flash must be a number, got 'K'. Large ones may end in K (of 1024), M or G.", Cli.Run(folder.Path, [.. Search, "--max-flash", "K", "--run", "s"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'cortex-m4'?", Cli.Run(folder.Path, [.. Search, "--max-flash", "19K", "--core", "cortexm4", "--run", "s"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_UnderABudget_TrainsOnlyNetworksThatKeepToIt_AndShowsWhatTheyTake()
    {
        using var folder = new TemporaryFolder();
        var recipe = JsonNode.Parse(File.ReadAllText(Cli.Recipe("compare-synthetic.json")), documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!.AsObject();
        recipe.Remove("target_ops");
        File.WriteAllText(folder["recipe.json"], recipe.ToJsonString());
        string[] command =
        [
            "compare", "--config", "recipe.json", "--run", "run", "--strategies", "direct,random", "--seeds", "0", "--row", "two=random_k,candidates=2",
            "--set", "train.epochs=1", "--set", "train.stem=half", "--set", "train.stem_multiplier=1", "--set", "search.max_flash=22528", "--set", "search.core=cortex-m0",
        ];
        Assert.Contains("equal_ops must be false with search.max_flash", Cli.Run(folder.Path, command).Ends(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));

        Cli.Run(folder.Path, [.. command, "--equal-ops", "false"]).Ends(0);

        Assert.Contains("flash, bytes", File.ReadAllText(Path.Combine(folder["run"], "compare.md")), StringComparison.Ordinal);
        string[][] csv = [.. File.ReadAllLines(Path.Combine(folder["run"], "compare.csv")).Select(line => line.Split(','))];
        Assert.Equal(["direct", "random", "two"], csv.Skip(1).Select(line => line[0]));
        foreach (var line in csv.Skip(1))
        {
            var genotype = string.Join(',', line[Array.IndexOf(csv[0], "genotype")..]).Trim('"');
            var cost = JsonNode.Parse(Cli.Run(folder.Path, ["cost", genotype, .. Network, "--core", "cortex-m0", "--json"]).Ends(0).Output)!["chips"]![0]!;
            Assert.Equal($"{(long)cost["flash_bytes"]!}", line[Array.IndexOf(csv[0], "flash_bytes")]);
            Assert.InRange((long)cost["flash_bytes"]!, 1, 22 * 1024);
        }
    }
}
