namespace EndToEnd;

public sealed class FaultTests
{
    [Theory]
    [InlineData("Unknown command 'serch'. Did you mean 'search'?", "serch")]
    [InlineData("Unknown option '--epocs' of dcpnas search. Did you mean '--epochs'?", "search", "--run", "x", "--epocs", "3")]
    [InlineData("Unknown option '--epocs' of dcpnas search. Did you mean '--epochs'?", "search", "--run", "x", "--epocs=3")]
    [InlineData("Option '--run' is required.", "search")]
    [InlineData("Required argument missing for option: '--run'", "search", "--run")]
    [InlineData("Unknown command 'shwo'. Did you mean 'show'? Known commands: show, draw, random, list.", "genotype", "shwo")]
    [InlineData("Unexpected argument 'extra' of dcpnas cost.", "cost", "Tangent_1", "extra")]
    [InlineData("Name a command: check, download.", "data")]
    [InlineData("dcpnas: --seed must be a whole number, got 'x'.", "quickstart", "--seed", "x")]
    [InlineData("dcpnas: --seed must be a whole number, got '1.5'.", "genotype", "random", "--seed", "1.5")]
    [InlineData("dcpnas: --channels must be a whole number, got 'abc'.", "cost", "Tangent_1", "--channels", "abc")]
    [InlineData("dcpnas: --channels is too large, got 99999999999.", "cost", "Tangent_1", "--channels", "99999999999")]
    [InlineData("dcpnas: --scheme must be one of none, paper, release, got 'foo'.\n", "cost", "Tangent_1", "--scheme", "foo")]
    [InlineData("  - --images must be a whole number, got 'abc'.", "evaluate", "run", "--images", "abc")]
    [InlineData("dcpnas: --images must be a whole number, got '1.5'.", "export", "run", "--out", "x", "--images", "1.5")]
    [InlineData("dcpnas: --fast must be true or false, got 'abc'.", "export", "run", "--out", "x", "--fast=abc")]
    [InlineData("  - --two-step must be true or false, got 'abc'.", "train", "--run", "x", "--two-step", "abc")]
    [InlineData("dcpnas: --top must be a whole number, got 'abc'.", "predict", "model", "image", "--top", "abc")]
    [InlineData("dcpnas: --score must be a number, got 'abc'.", "predict", "model", "image", "--score", "abc")]
    [InlineData("dcpnas: --score must be a number, got 'abc'.", "detect", "predict", "model", "image", "--score", "abc")]
    [InlineData("dcpnas: --seconds must be a number, got 'abc'.", "bench", "model", "--seconds", "abc")]
    [InlineData("dcpnas: --batch is too large, got 99999999999.", "bench", "model", "--batch", "99999999999")]
    [InlineData("  - --batch-size must be a whole number, got 'abc'.", "reid", "evaluate", "run", "--batch-size", "abc")]
    [InlineData("dcpnas: --ranks must be a whole number, got 'abc'.", "reid", "rank", "run", "--out", "x.png", "--ranks", "abc")]
    [InlineData("dcpnas: /dev/zero: the options file cannot be read (It is no ordinary file, and has not ended after 256 MiB). Name an existing JSON file with --config.", "train", "--run", "x", "--config", "/dev/zero")]
    [InlineData("/dev/zero: the genotype cannot be read: It is no ordinary file, and has not ended after 256 MiB.", "cost", "/dev/zero")]
    [InlineData("no-such-folder: the folder does not exist", "compare", "--run", "x", "--data", "no-such-folder", "--set", "train.dataset=cifar10", "--set", "search.dataset=cifar10")]
    [InlineData("dcpnas: .: the options file cannot be read (it is a folder). Name an existing JSON file with --config.", "train", "--run", "x", "--config", ".")]
    public void CommandLine_CannotBeParsed_ExitsWithTwoAndTheNearestName(string message, params string[] arguments) =>
        Assert.Contains(message, Cli.Run(arguments).Ends(2).Error, StringComparison.Ordinal);

    [Fact]
    public void Search_ValuesOfTheWrongKind_NamesAllOfThem()
    {
        var result = Cli.Run("search", "--run", "x", "--epochs", "many", "--lambda", "1z", "--strategy", "dpc", "--decoupled", "maybe", "--rounds", "none").Ends(2);
        Assert.Equal(
            """
            dcpnas: command line cannot be used:
              - --strategy must be one of dcp, cp, direct, parent, random, got 'dpc'. Did you mean 'dcp'?
              - --epochs must be a whole number, got 'many'.
              - --rounds must be a whole number, got 'none'.
              - --lambda must be a number, got '1z'. Large ones may end in K, M or G.
              - --decoupled must be true or false, got 'maybe'.

            """,
            result.Error);
    }

    [Theory]
    [InlineData("epochs must be at least 1, got 0.", "--epochs", "0")]
    [InlineData("epochs must be at least 2 x rounds (10), a Parent and a Child epoch per round, got 9.", "--epochs", "9")]
    [InlineData("channels must be a multiple of partial_channels (4) and at least twice it, got 6.", "--channels", "6", "--partial-channels", "4")]
    [InlineData("warmup_share must be in [0, 1), got 1.", "--warmup-share", "1")]
    [InlineData("cells must be from 3 (two reduction cells and a normal one) to 100, got 2.", "--cells", "2")]
    [InlineData("--scheme must be one of none, paper, release, got 'foo'.\n", "--scheme", "foo")]
    [InlineData("train_images must be at least 20 (two of each class of the synthetic images), got 5.", "--train-images", "5")]
    [InlineData("curvature must not ask for more chunks than batch_size (4), got 'fisher-chunks:7'.", "--curvature", "fisher-chunks:7", "--batch-size", "4")]
    [InlineData(", got 'cifar'. Did you mean 'cifar10'?", "--dataset", "cifar")]
    [InlineData("curvature must be one of", "--curvature", "hessian")]
    [InlineData("mu must be at least 0, got -1.", "--mu", "-1")]
    [InlineData("Unknown device 'gpu'", "--device", "gpu")]
    [InlineData("no-such-folder: the folder does not exist", "--dataset", "cifar10", "--data", "no-such-folder")]
    [InlineData("no-such-file.json: the options file cannot be read", "--config", "no-such-file.json")]
    public void Search_UnusableOptions_ExitsWithTwoAndTheReason(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var result = Cli.Run(folder.Path, ["search", "--run", "run", .. arguments]).Ends(2);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.False(Directory.Exists(folder["run"]), "A search that cannot start must leave no folder.");
    }

    [Theory]
    [InlineData("""{ "epoch": 5 }""", "unknown key 'epoch'. Did you mean 'epochs'?")]
    [InlineData("""{ "epochs": "five" }""", "epochs must be a whole number, got \"five\".")]
    [InlineData("{\n \"epochs\": 5,,\n}", "options.json: at line 2, byte 14, expected JSON but found something else (',' is an invalid start of a property name. Expected a '\"'). Correct the file.")]
    [InlineData("[]", "options.json: at line 1, expected an object of options but found another JSON value.")]
    public void Search_FaultyOptionsFile_ExitsWithTwoAndThePlace(string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["options.json"], text);
        Assert.Contains(message, Cli.Run("search", "--run", folder["run"], "--config", folder["options.json"]).Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_FolderOfSomethingElse_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["letter.txt"], "Dear friend");
        var result = Cli.Run(["search", "--run", folder.Path, .. Cli.TinySearch]).Ends(2);
        Assert.Contains("no options but 'letter.txt'", result.Error, StringComparison.Ordinal);
        Assert.Equal("Dear friend", File.ReadAllText(folder["letter.txt"]));
    }

    [Fact]
    public void Search_RunIsAFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["letter.txt"], "Dear friend");
        var result = Cli.Run(["search", "--run", folder["letter.txt"], .. Cli.TinySearch]).Ends(2);
        Assert.Equal($"dcpnas: {folder["letter.txt"]}: is a file. Name a folder for the run.\n", result.Error);
        Assert.Equal("Dear friend", File.ReadAllText(folder["letter.txt"]));
    }

    [Theory]
    [InlineData("report", "no-such-run")]
    [InlineData("genotype", "show", "no-such-genotype")]
    [InlineData("genotype", "show", "normal: n2[bogus<-0]")]
    [InlineData("genotype", "draw", "Tangent_9")]
    [InlineData("cost", "Tangent_9")]
    [InlineData("cost", "Tangent_1", "--channels", "0")]
    [InlineData("cost", "Tangent_1", "--stem", "resnet")]
    [InlineData("cost", "Tangent_1", "--cells", "many")]
    [InlineData("data", "check", "no-such-folder")]
    [InlineData("data", "download", "imagenet")]
    [InlineData("plan", "--cells", "0")]
    public void Command_BadInput_ExitsWithTwo(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var result = Cli.Run(folder.Path, arguments).Ends(2);
        Assert.NotEqual("", result.Error + result.Output);
    }
}
