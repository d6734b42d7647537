using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace EndToEnd;

public sealed class CommandTests
{
    private const string Preset = "DDPNAS_MCN_2";

    [Fact]
    public void Help_OfSearch_ListsEveryOptionWithItsDefault()
    {
        var help = Cli.Run("search", "--help").Ends(0).Output;
        var options = DcpNas.Search.SearchOptions.Keys;
        Assert.True(options.Count > 40);
        foreach (var key in options)
        {
            Assert.Contains($"--{key.Replace('_', '-')} ", help, StringComparison.Ordinal);
        }

        var text = string.Join(' ', help.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("at least 2 x rounds (default 50)", text, StringComparison.Ordinal);
        Assert.Contains("(default 0.01)", text, StringComparison.Ordinal);
        Assert.Contains("--strategy <dcp|cp|direct|parent|random> How the genotype is found (default dcp)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_IsPrinted() => Assert.Matches(@"^\d+\.\d+\.\d+", Cli.Run("--version").Ends(0).Output);

    [Fact]
    public void Plan_OfATinySearch_PredictsEveryKindOfWork()
    {
        using var folder = new TemporaryFolder();
        var result = Cli.Run(folder.Path, ["plan", .. Cli.TinySearch, "--json"]).Ends(0);
        var plan = JsonNode.Parse(result.Output)!;
        Assert.True(plan["fits"]!.GetValue<bool>());
        Assert.Equal(
            ["parent_weights 3", "parent_alpha 3", "parent_evaluation 1", "child_weights 3", "child_alpha 3", "child_evaluation 1", "checkpoint 2"],
            plan["work"]!.AsArray().Select(work => $"{work!["name"]} {work["count"]}"));
        Assert.All(plan["work"]!.AsArray(), work => Assert.True(work!["seconds_each"]!.GetValue<double>() > 0));
        Assert.True(plan["peak_memory_bytes"]!.GetValue<long>() > 10_000_000);
        Assert.True(plan["disk_bytes"]!.GetValue<long>() > 3 * plan["checkpoint_bytes"]!.GetValue<long>());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Plan_OfASearchThatScoresGenotypes_PredictsTheScoresToo()
    {
        var plan = JsonNode.Parse(Cli.Run(
            ["plan", .. ScoringOn(13), "--weight-paths", "sampled", "--selection", "sampled", "--selection-score", "discrepancy", "--selection-candidates", "7", "--restarts", "2", "--json"]).Ends(0).Output)!;
        var work = plan["work"]!.AsArray().ToDictionary(work => work!["name"]!.GetValue<string>(), work => (Count: work!["count"]!.GetValue<int>(), Seconds: work["seconds_each"]!.GetValue<double>()));
        Assert.Equal(14, work["selection"].Count); // each of seven on two full batches
        Assert.Equal(work["child_evaluation"].Seconds + work["parent_evaluation"].Seconds, work["selection"].Seconds, 1e-9); // by both supernets
        // The supernets of the first restart are kept in the checkpoint.
        Assert.True(plan["disk_bytes"]!.GetValue<long>() > 4.5 * plan["checkpoint_bytes"]!.GetValue<long>());
    }

    [Fact]
    public void Search_WithMoreRestartsThanBatchesThatScore_SaysWhatIsMissing()
    {
        var error = Cli.Run(["search", .. Cli.TinySearch, "--selection", "sampled", "--restarts", "2", "--run", "none"]).Ends(2).Error;
        Assert.Contains("evaluation_images must be at least restarts x batch_size (2 x 6) with selection sampled", error, StringComparison.Ordinal);
        error = Cli.Run(["search", .. ScoringOn(24), "--selection", "sampled", "--restarts", "4", "--run", "none"]).Ends(2).Error;
        Assert.Contains("restarts x batch_size must not exceed the 18 images of the architecture half with selection sampled", error, StringComparison.Ordinal);
        Assert.Contains("got 4 x 6. Use more train_images", error, StringComparison.Ordinal);
    }

    private static string[] ScoringOn(int images)
    {
        string[] arguments = [.. Cli.TinySearch];
        arguments[Array.IndexOf(arguments, "--evaluation-images") + 1] = $"{images}";
        return arguments;
    }

    [Fact]
    public void Plan_OfATinySearch_PrintsATable()
    {
        var result = Cli.Run(["plan", .. Cli.TinySearch, "--strategy", "direct", "--max-ops", "600M", "--max-memory-mbit", "8.5"]).Ends(0);
        Assert.Contains("; cpu, 1 thread. Limits of the final network: 600 M OPs, 8.5 Mbit.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("child alpha", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("parent weights", result.Output, StringComparison.Ordinal);
        Assert.Contains("It fits.", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("final_steps 15", "detect", "train", "--architecture", "birealnet18", "--channels", "4", "--stem", "image_net", "--image-size", "64", "--feature-levels", "2", "--neck-channels", "8", "--train-images", "30", "--test-images", "6", "--epochs", "5", "--batch-size", "8", "--two-step", "false", "--validation-share", "0.2")]
    [InlineData("final_steps 10", "train", "--architecture", "birealnet18", "--channels", "4", "--train-images", "30", "--test-images", "6", "--epochs", "5", "--batch-size", "8", "--two-step", "false", "--validation-share", "0.2")]
    public void Train_Plan_PredictsEveryStageAndWritesNothing(string steps, params string[] command)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [.. command, "--run", "run", "--plan"];
        var plan = JsonNode.Parse(Cli.Run(folder.Path, [.. arguments, "--json"]).Ends(0).Output)!;
        Assert.Equal("training", plan["kind"]!.GetValue<string>());
        Assert.Equal(steps, $"{plan["work"]![0]!["name"]} {plan["work"]![0]!["count"]}");
        Assert.Contains("It fits.", Cli.Run(folder.Path, arguments).Ends(0).Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Plan_OfARandomGenotype_PredictsNoCheckpoints()
    {
        var plan = JsonNode.Parse(Cli.Run(["plan", .. Cli.TinySearch, "--strategy", "random", "--json"]).Ends(0).Output)!;
        Assert.Empty(plan["work"]!.AsArray());
        Assert.Equal((0, 2_000_000), (plan["checkpoint_bytes"]!.GetValue<long>(), plan["disk_bytes"]!.GetValue<long>()));
        var text = Cli.Run(["plan", .. Cli.TinySearch, "--strategy", "random"]).Ends(0).Output;
        Assert.Contains("A genotype is drawn: nothing is trained and no checkpoint is written.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("per checkpoint", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_OnThisMachine_FindsLibTorch()
    {
        var findings = JsonNode.Parse(Cli.Run("doctor", "--json").Ends(0).Output)!["findings"]!.AsArray();
        Assert.Contains(findings, finding => finding!["name"]!.GetValue<string>() == "libtorch" && finding["status"]!.GetValue<string>() == "ok");
        var shown = Cli.Run("doctor").Ends(0);
        Assert.Contains("libtorch", shown.Output, StringComparison.Ordinal);
        Assert.Contains("none in .data; DCPNAS_DATA or --data names another folder", shown.Output, StringComparison.Ordinal);
        Assert.Equal("", shown.Error); // libtorch keeps its own warnings to itself
    }

    [Fact]
    public void Genotype_ShowListRandomDraw_AgreeWithEachOther()
    {
        using var folder = new TemporaryFolder();
        var shown = JsonNode.Parse(Cli.Run("genotype", "show", Preset, "--json").Ends(0).Output)!;
        var text = shown["genotype_text"]!.GetValue<string>();
        File.WriteAllText(folder["genotype.json"], shown["genotype"]!.ToJsonString());
        foreach (var name in (string[])[text, folder["genotype.json"]])
        {
            var again = Cli.Run("genotype", "show", name).Ends(0).Output;
            Assert.StartsWith(text.Replace(" | ", "\n", StringComparison.Ordinal), again, StringComparison.Ordinal);
            Assert.Contains("dil_conv_3x3 <- node 4", again, StringComparison.Ordinal);
        }

        Assert.Contains(JsonNode.Parse(Cli.Run("genotype", "list", "--json").Ends(0).Output)!.AsArray(), preset => preset!["genotype_text"]!.GetValue<string>() == text);
        var drawn = Cli.Run("genotype", "random", "--seed", "5", "--json").Ends(0).Output;
        Assert.Equal(drawn, Cli.Run("genotype", "random", "--seed", "5", "--json").Ends(0).Output);
        Assert.NotEqual(drawn, Cli.Run("genotype", "random", "--seed", "6", "--json").Ends(0).Output);

        Cli.Run("genotype", "draw", Preset, "--out", folder["drawings"]).Ends(0);
        Assert.Contains("Normal cell", File.ReadAllText(Path.Combine(folder["drawings"], "normal.svg")), StringComparison.Ordinal);
        Assert.Contains("Reduction cell", File.ReadAllText(Path.Combine(folder["drawings"], "reduction.svg")), StringComparison.Ordinal);

        // Own drawings are replaced, those of others are not.
        Cli.Run("genotype", "draw", "Tangent_1", "--out", folder["drawings"]).Ends(0);
        File.WriteAllText(folder["drawings/reduction.svg"], "<svg>mine</svg>");
        var before = File.ReadAllText(folder["drawings/normal.svg"]);
        var foreign = Cli.Run("genotype", "draw", Preset, "--out", folder["drawings"]).Ends(2);
        Assert.Equal($"dcpnas: {folder["drawings/reduction.svg"]}: is there, and is another one than this command writes: it may be somebody else's. Name another folder.\n", foreign.Error);
        Assert.Equal((before, "<svg>mine</svg>"), (File.ReadAllText(folder["drawings/normal.svg"]), File.ReadAllText(folder["drawings/reduction.svg"])));
    }

    [Fact]
    public void Cost_OfAHandMadeNetwork_IsThatOfItsPaper()
    {
        string[] size = ["--size", "224", "--classes", "1000", "--stem", "imagenet"];
        var report = JsonNode.Parse(Cli.Run(["cost", "birealnet18", .. size, "--json"]).Ends(0).Output)!;

        Assert.Equal("birealnet18", (string?)report["architecture"]);
        Assert.Equal(64, (int)report["geometry"]!["channels"]!);
        Assert.Equal(10_985_472, (long)report["total"]!["binary_weights"]!);
        Assert.Contains("scheme must be none or paper for the architecture reactnet_a, got release.", Cli.Run(["cost", "reactnet_a", "--scheme", "release"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cost_OfThePublishedNetwork_IsThePublishedOne()
    {
        Assert.Contains("imagenet stem", Cli.Run("cost", "Tangent_1", "--size", "224", "--stem", "imagenet").Ends(0).Output, StringComparison.Ordinal);
        string[] size = ["--channels", "108", "--cells", "10", "--size", "224", "--classes", "1000", "--stem", "image_net"];
        var total = JsonNode.Parse(Cli.Run(["cost", Preset, .. size, "--json"]).Ends(0).Output)!["total"]!;
        Assert.Equal((12_366_000, 2_139_886), (total["binary_weights"]!.GetValue<long>(), total["real_parameters"]!.GetValue<long>()));
        var table = Cli.Run(["cost", Preset, .. size, "--layers"]).Ends(0).Output;
        Assert.Contains("Final network: C 108, L 10, 224x224, 1000 classes, imagenet stem, scheme paper", table, StringComparison.Ordinal);
        Assert.Contains("cells.9.preprocess.0", table, StringComparison.Ordinal);
    }

    [Fact]
    public void DataCheck_OfMnistFiles_SaysWhatIsThereAndWhatIsWrong()
    {
        using var folder = new TemporaryFolder();
        WriteMnist(folder.Path, labelOfLast: 9);
        var good = Cli.Run("data", "check", folder.Path, "--json").Ends(0);
        Assert.Equal("mnist", JsonNode.Parse(good.Output)!["datasets"]![0]!["kind"]!.GetValue<string>());
        Assert.Contains("NOT the official files", Cli.Run("data", "check", folder.Path).Ends(0).Output, StringComparison.Ordinal);

        WriteMnist(folder.Path, labelOfLast: 77);
        Assert.Contains("77", Cli.Run("data", "check", folder.Path).Ends(2).Output, StringComparison.Ordinal);

        foreach (var split in (string[])["train", "t10k"])
        {
            File.WriteAllBytes(folder[$"{split}-images-idx3-ubyte"], []);
        }

        var unreadable = Cli.Run("data", "check", folder.Path).Ends(2).Output;
        Assert.Contains("  train  0 images, 10 classes\n", unreadable, StringComparison.Ordinal);
        Assert.DoesNotContain("per class", unreadable, StringComparison.Ordinal);
        Assert.DoesNotContain("sizes", unreadable, StringComparison.Ordinal);
    }

    private static void WriteMnist(string folder, byte labelOfLast)
    {
        foreach (var (split, count) in ((string, int)[])[("train", 40), ("t10k", 20)])
        {
            var images = new byte[16 + (count * 28 * 28)];
            for (var i = 16; i < images.Length; i++)
            {
                images[i] = (byte)((i * 7919 / 13) + split.Length);
            }

            foreach (var (value, place) in ((int, int)[])[(2051, 0), (count, 4), (28, 8), (28, 12)])
            {
                BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(place), value);
            }

            var labels = new byte[8 + count];
            BinaryPrimitives.WriteInt32BigEndian(labels, 2049);
            BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), count);
            for (var i = 0; i < count; i++)
            {
                labels[8 + i] = (byte)(i % 10);
            }

            labels[^1] = labelOfLast;
            File.WriteAllBytes(Path.Combine(folder, $"{split}-images-idx3-ubyte"), images);
            File.WriteAllBytes(Path.Combine(folder, $"{split}-labels-idx1-ubyte"), labels);
        }
    }
}
