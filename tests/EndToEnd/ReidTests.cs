using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary><c>dcpnas reid</c> as a process: train, resume, evaluate, rank, export, predict, bench, faults.</summary>
public sealed class ReidTests
{
    private static readonly string[] Tiny =
    [
        "--genotype", "DDPNAS_MCN_2", "--identities", "8", "--height", "32", "--width", "16", "--cells", "1", "--channels", "2", "--stem-multiplier", "1",
        "--epochs", "1", "--step1-epochs", "1", "--warmup-epochs", "0", "--batch-size", "16", "--validation-share", "0.25", "--reestimate-images", "16", "--threads", "1", "--workers", "0",
    ];

    [Fact]
    public void Reid_FromTrainingToEmbeddings_GoesThrough()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        string[] train = ["reid", "train", "--run", run, .. Tiny];
        var trained = Cli.Run([.. train, "--json"]).Ends(0);
        Assert.Contains("on synthetic persons, 72 images to learn from and 24 to select, 3 x 32 x 16", trained.Error, StringComparison.Ordinal);
        var test = JsonNode.Parse(trained.Output)!["results"]!["test"]!;
        Assert.Matches(@"32x16, embeddings of \d+ numbers, cifar stem", Cli.Run(train).Ends(0).Output);
        Assert.Contains("this run was finished before", Cli.Run(train).Ends(0).Error, StringComparison.Ordinal);
        Assert.Contains("test mAP", File.ReadAllText(Cli.Run("report", run).Ends(0).Output.Trim()), StringComparison.Ordinal);

        var judged = JsonNode.Parse(Cli.Run("reid", "evaluate", run, "--json", "--threads", "1").Ends(0).Output)!;
        Assert.Equal(((double)test["map"]!, (double)test["rank1"]!), ((double)judged["metrics"]!["map"]!, (double)judged["metrics"]!["rank1"]!));
        Assert.Equal("cosine distance, single query", (string?)judged["protocol"]);
        var same = JsonNode.Parse(Cli.Run("evaluate", run, "--json", "--threads", "1").Ends(0).Output)!;
        Assert.Equal(judged.ToJsonString(), same.ToJsonString());
        var other = Cli.Run("reid", "evaluate", run, "--dist-metric", "euclidean", "--rerank", "--threads", "1").Ends(0).Output;
        Assert.Equal(other, Cli.Run("evaluate", run, "--distance", "euclidean", "--split", "0", "--rerank", "--threads", "1").Ends(0).Output); // former names; --split is that of other tasks
        Assert.Contains("protocol  squared Euclidean distance, single query, k-reciprocal re-ranking", other, StringComparison.Ordinal);
        Assert.Contains("queries   400", other, StringComparison.Ordinal);
        Assert.Contains("rank-20", other, StringComparison.Ordinal);

        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine/reid-evaluation.html"], "mine");
        Assert.EndsWith($"dcpnas: {folder["mine/reid-evaluation.html"]}: is there, and no reid-evaluation.json of the same command beside it: it may be somebody else's. Name another folder.\n",
            Cli.Run("reid", "evaluate", run, "--threads", "1", "--out", folder["mine"]).Ends(2).Error, StringComparison.Ordinal);

        var ranked = Cli.Run("reid", "rank", run, "--out", folder["lists.png"], "--queries", "2", "--ranks", "5", "--threads", "1").Ends(0).Output;
        Assert.Matches(@"query/0009_c1_0: [+-]{5}\n", ranked);
        Assert.Contains($"picture   {folder["lists.png"]}", ranked, StringComparison.Ordinal);

        var packed = Cli.Run("export", run, "--out", folder["net.dcpnas"], "--images", "4").Ends(0).Output;
        Assert.Contains("proof     4 validation images of synthetic persons: no difference", packed, StringComparison.Ordinal);
        Assert.Contains("largest error of an embedding", packed, StringComparison.Ordinal);
        var inspected = Cli.Run("inspect", folder["net.dcpnas"]).Ends(0).Output;
        Assert.Contains("; each side stretched to the input\n", inspected, StringComparison.Ordinal);
        Assert.Contains("numbers, made by neck (affine); the model names no classes", inspected, StringComparison.Ordinal);
        var embedded = JsonNode.Parse(Cli.Run("predict", folder["net.dcpnas"], folder["lists.png"], "--json").Ends(0).Output)!;
        Assert.True(embedded["images"]![0]!["embedding"]!.AsArray().Count > 1);
        var unpacked = JsonNode.Parse(Cli.Run("predict", run, folder["lists.png"], "--json").Ends(0).Output)!;
        Assert.All(
            embedded["images"]![0]!["embedding"]!.AsArray().Zip(unpacked["images"]![0]!["embedding"]!.AsArray()),
            pair => Assert.Equal((double)pair.First!, (double)pair.Second!, 1e-3));
        var timed = JsonNode.Parse(Cli.Run("bench", folder["net.dcpnas"], "--seconds", "0.05", "--threads", "1", "--against", "onnxruntime", "--json").Ends(0).Output)!;
        Assert.Single(timed["threads"]!.AsArray());
        Assert.True((double)timed["comparison"]!["ratio"]!["median"]! > 0 && (double)timed["comparison"]!["int8"]!["ratio"]!["median"]! > 0);
    }

    [Fact]
    public void Reid_BadInput_EndsWithReasonAndRemedy()
    {
        using var folder = new TemporaryFolder();
        Fails("batch_size must be a multiple of num_instances", "reid", "train", "--run", folder["a"], "--architecture", "birealnet18", "--batch-size", "15");
        Fails("dataset must be one of synthetic, market1501", "reid", "train", "--run", folder["a"], "--architecture", "birealnet18", "--dataset", "market");
        Fails("the folder does not exist (expected bounding_box_train, query, bounding_box_test)", "reid", "train", "--run", folder["a"], "--architecture", "birealnet18", "--dataset", "market1501", "--data", folder["none"]);
        Fails("--dist-metric must be one of cosine, euclidean, got 'cosinus'. Did you mean 'cosine'?", "reid", "evaluate", folder["a"], "--dist-metric", "cosinus");
        Fails(folder["a"], "reid", "evaluate", folder["a"]);
        Fails("distractors must name a folder of images", "reid", "evaluate", folder["a"], "--distractors", folder["none"]);
        Fails("ranks must be from 1 to 100, got 0.", "reid", "rank", folder["a"], "--out", folder["a.png"], "--ranks", "0");
        Fails("Name a command: train, evaluate, predict, rank.", "reid");
    }

    private static void Fails(string reason, params string[] arguments) => Assert.Contains(reason, Cli.Run(arguments).Ends(2).Error, StringComparison.Ordinal);
}
