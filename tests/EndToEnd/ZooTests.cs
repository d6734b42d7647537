using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>The networks that come with the tool, and budgets in the units of a chip, as processes.</summary>
public class ZooTests
{
    [Fact]
    public void Models_ListsThemAndShowsACard()
    {
        var cards = JsonNode.Parse(Cli.Run("models", "--json").Ends(0).Output)!.AsArray();
        var table = Cli.Run("models").Ends(0).Output;
        Assert.All(cards, card => Assert.Matches($@"(?m)^{card!["name"]} +{card["task"]} ", table));

        var card = Cli.Run("models", "mnist").Ends(0).Output;
        Assert.Contains("training  dcpnas train --dataset mnist ", card, StringComparison.Ordinal);
        Assert.Contains("integer  top1 ", card, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'mnist'?", Cli.Run("models", "mnits").Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_StandForFiles_UnlessThereIsOne()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("packed    net.dcpnas", Cli.Run(folder.Path, ["export", "mnist", "--out", "net.dcpnas"]).Ends(0).Output.Split(" (")[0]);
        Assert.Equal(
            Cli.Run(folder.Path, ["inspect", "net.dcpnas"]).Ends(0).Output.Replace("net.dcpnas", "mnist", StringComparison.Ordinal), Cli.Run(folder.Path, ["inspect", "mnist"]).Ends(0).Output);
        Assert.Contains("there is no ONNX file", Cli.Run(folder.Path, ["export", "mnist", "--out", "net.onnx"]).Ends(2).Error, StringComparison.Ordinal);
        Cli.Run(folder.Path, ["export", "mnist", "--format", "c", "--out", "digits", "--name", "digits"]).Ends(0);
        Assert.True(File.Exists(folder["digits/digits.c"]));

        File.WriteAllText(folder["mnist"], "no model");
        Assert.StartsWith("dcpnas: mnist: at byte 0, expected a header", Cli.Run(folder.Path, ["inspect", "mnist"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfADrawnDataSet_SaysWhatTheCardSays()
    {
        var result = JsonNode.Parse(Cli.Run("evaluate", "scenes", "--mode", "integer", "--threads", "1", "--json").Ends(0).Output)!;
        var card = JsonNode.Parse(Cli.Run("models", "scenes", "--json").Ends(0).Output)!;
        Assert.Equal((double)card["accuracy"]!["modes"]!["integer"]!["map50"]!, (double)result["measures"]!["map50"]!, 9);
        Assert.Contains("--split is not for packed models", Cli.Run("evaluate", "scenes", "--split", "valid").Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cost_OnACore_IsWhatTrainHoldsAgainstItsLimits()
    {
        using var folder = new TemporaryFolder();
        string[] network = ["--channels", "8", "--stem", "half"];
        var chip = JsonNode.Parse(Cli.Run(["cost", "birealnet18", .. network, "--core", "cortex-m0", "--json"]).Ends(0).Output)!["chips"]!.AsArray().Single()!;
        Assert.Equal((long)chip["constant_bytes"]! + (long)chip["code_bytes"]!, (long)chip["flash_bytes"]!);
        Assert.InRange((long)chip["arena_bytes"]!, 8192, 16384);

        // Without a training, but as many different numbers: equal tables are stored once.
        var (untrained, trained) = (Chip("cost", "birealnet20", "--channels", "16", "--stem", "half"), Chip("inspect", "cifar10"));
        Assert.Equal((long)trained["constant_bytes"]!, (long)untrained["constant_bytes"]!);
        Assert.Equal((long)trained["arena_bytes"]!, (long)untrained["arena_bytes"]!);
        Assert.Equal((double)trained["instructions"]!, (double)untrained["instructions"]!, 0.01 * (double)trained["instructions"]!);

        string[] train = ["train", "--architecture", "birealnet18", .. network, "--train-images", "60", "--batch-size", "16", "--run", "r", "--core", "cortex-m0"];
        var error = Cli.Run(folder.Path, [.. train, "--max-ram", "4K", "--max-flash", "1M", "--max-instructions", "1.5M"]).Ends(2).Error;
        Assert.Contains(FormattableString.Invariant($"The network does not fit the budget on cortex-m0: it takes {(long)chip["arena_bytes"]!:N0} bytes of RAM (--max-ram 4,096), "), error, StringComparison.Ordinal);
        Assert.Contains("instructions an image (--max-instructions 1,500,000). ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["r"]));

        // Shortcuts of 8 bits take less RAM, and the limits know it.
        var narrow = (long)JsonNode.Parse(Cli.Run(["cost", "birealnet18", .. network, "--core", "cortex-m0", "--shortcuts", "8", "--json"]).Ends(0).Output)!["chips"]!.AsArray().Single()!["arena_bytes"]!;
        Assert.InRange(narrow, (long)chip["arena_bytes"]! / 2, (long)chip["arena_bytes"]! - 1);
        Assert.Contains(", shortcuts of 8 bits, or raise the limit.", Cli.Run(folder.Path, [.. train, "--max-ram", $"{narrow}"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains(
            FormattableString.Invariant($"on cortex-m0 with shortcuts of 8 bits: it takes {narrow:N0} bytes of RAM (--max-ram {narrow - 1:N0}). "),
            Cli.Run(folder.Path, [.. train, "--max-ram", $"{narrow - 1}", "--shortcuts", "8"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("--max-ram must be a number, got 'much'. Large ones may end in K (of 1024), M or G.", Cli.Run(folder.Path, [.. train, "--max-ram", "much"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'cortex-m0'?", Cli.Run("inspect", "mnist", "--core", "cortexm0").Ends(2).Error, StringComparison.Ordinal);

        static JsonNode Chip(params string[] command) => JsonNode.Parse(Cli.Run([.. command, "--core", "cortex-m4", "--json"]).Ends(0).Output)!["chips"]!.AsArray().Single()!;
    }
}
