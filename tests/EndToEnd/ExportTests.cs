using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary><c>dcpnas export</c> as a process.</summary>
public class ExportTests
{
    [Fact]
    public void Export_OfAFreshTraining_WritesBothFormats()
    {
        using var folder = new TemporaryFolder();
        var run = folder["run"];
        Cli.Run("train", "--run", run, "--architecture", "birealnet18", "--channels", "2", "--dataset", "synthetic", "--train-images", "60", "--test-images", "10",
            "--epochs", "1", "--step1-epochs", "1", "--batch-size", "10", "--reestimate-images", "0", "--threads", "1", "--workers", "0").Ends(0);

        var packed = Cli.Run("export", run, "--out", folder["net.dcpnas"], "--images", "4", "--integer").Ends(0);
        var onnx = Cli.Run("export", run, "--out", folder["net.onnx"], "--json").Ends(0);

        Assert.Contains("proof     4 validation images of synthetic shapes: no difference", packed.Output, StringComparison.Ordinal);
        Assert.Contains("proof: 4 of 4 images are equal", packed.Error, StringComparison.Ordinal);
        Assert.Contains("\"format\": \"onnx\"", onnx.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["net.dcpnas"]) && File.Exists(folder["net.onnx"]));

        Assert.Matches(@"fast mode on 2 images its outputs differed from the exact ones by \d\.\de[+-]\d of their size \(root mean squares\), with the same first class on \d+\.0 % and the right one on \d+\.0 % \(exact: \d+\.0 %\); its ranges are those of 2 others", packed.Output);
        Assert.Contains(
            "\nnetwork       architecture birealnet18, channels 2, stem cifar, image_height 32, image_width 32, image_channels 3, scheme paper, scale learnable, activation_gradient bi_real, real_weights false, "
                + "task classification\n",
            Cli.Run("inspect", folder["net.dcpnas"]).Ends(0).Output, StringComparison.Ordinal);
        Assert.Equal("birealnet18", (string?)JsonNode.Parse(Cli.Run("inspect", folder["net.dcpnas"], "--json").Ends(0).Output)!["network"]!["architecture"]);
        Assert.Matches("fast mode +16-bit numbers at [0-9,]+ nodes, ranges of 2 images; on 2 images its outputs", Cli.Run("inspect", folder["net.dcpnas"]).Ends(0).Output);
        Assert.Matches(@"integer +on 2 images its outputs differed from the exact ones by \d\.\de[+-]\d of their size .* \(exact: \d+\.0 %\); its integers are those of 2 others", packed.Output);
        Assert.Matches("integer mode +integers of [0-9,]+ nodes, made from 2 images; on 2 images its outputs", Cli.Run("inspect", folder["net.dcpnas"]).Ends(0).Output);
        AssertCode(folder, run, folder["net.dcpnas"]);
        AssertShortcuts(folder, run);
        var integer = JsonNode.Parse(Cli.Run("bench", folder["net.dcpnas"], "--seconds", "0.05", "--threads", "1", "--mode", "integer", "--json").Ends(0).Output)!;
        Assert.Equal("integer", (string?)integer["mode"]);
        Assert.True((double)integer["exact"]!["ratio"]!["low"]! > 0 && (double)integer["exact"]!["integer_milliseconds"]!["low"]! > 0);
        var fast = JsonNode.Parse(Cli.Run("bench", folder["net.dcpnas"], "--seconds", "0.05", "--threads", "1", "--mode", "fast", "--out", folder["bench"], "--json").Ends(0).Output)!;
        Assert.Equal("fast", (string?)fast["mode"]);
        Assert.True((double)fast["exact"]!["ratio"]!["low"]! > 0);
        Assert.Contains("| ratio to exact |", File.ReadAllText(Path.Combine(folder["bench"], "bench.md")), StringComparison.Ordinal);
        Assert.Contains(fast["layers"]!.AsArray(), layer => (string?)layer!["type"] == "cast");
        var bench = Cli.Run("bench", folder["net.dcpnas"], "--seconds", "0.05", "--threads", "1", "--against", "onnxruntime", "--json").Ends(0);
        Assert.True((long)JsonNode.Parse(bench.Output)!["image_bytes"]! > (long)fast["image_bytes"]!);
        Assert.Null(JsonNode.Parse(bench.Output)!["exact"]);
        var comparison = JsonNode.Parse(bench.Output)!["comparison"]!;
        Assert.StartsWith("ONNX Runtime 1.31.1", (string?)comparison["backend"], StringComparison.Ordinal);
        Assert.Equal(("birealnet18", "none", 2), ((string?)comparison["network"]!["architecture"], (string?)comparison["network"]!["scheme"], (int)comparison["network"]!["channels"]!));
        Assert.True((int)comparison["rounds"]! >= 5 && (double)comparison["ratio"]!["low"]! > 0);
        Assert.True((double)comparison["int8"]!["ratio"]!["low"]! > 0);
        Assert.True((long)comparison["int8"]!["backend_bytes"]! < (long)comparison["backend_bytes"]!);
    }

    /// <summary>Numbers of 8 bits take less memory, and are refused where no integers are made.</summary>
    private static void AssertShortcuts(TemporaryFolder folder, string run)
    {
        var code = JsonNode.Parse(Cli.Run("export", run, "--format", "c", "--out", folder["code8"], "--name", "net", "--images", "4", "--shortcuts", "8", "--json").Ends(0).Output)!;
        var wide = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["code"], "net.json")))!;
        Assert.True((int)code["arena_bytes"]! < (int)wide["arena_bytes"]!, $"{code["arena_bytes"]} and {wide["arena_bytes"]}");
        var narrow = Path.Combine(folder["code8"], "net.dcpnas");
        Assert.Matches("integer mode +integers of [0-9,]+ nodes, [0-9,]+ of them with numbers of 8 bits, made from 2 images", Cli.Run("inspect", narrow).Ends(0).Output);
        Assert.DoesNotContain("numbers of 8 bits", Cli.Run("inspect", folder["net.dcpnas"]).Ends(0).Output, StringComparison.Ordinal);

        Assert.Contains("shortcuts of 8 bits belong to the integer mode; add --integer.", Refused(run, "8"), StringComparison.Ordinal);
        Assert.Contains("shortcuts must have 8 or 16 bits, got 12.", Refused(run, "12", "--integer"), StringComparison.Ordinal);
        const string Packed = ": --shortcuts is decided when a run or checkpoint is exported, and this is a packed model. Leave it out, or export the run again.";
        Assert.Equal($"dcpnas: mnist{Packed}", Refused("mnist", "8"));
        Assert.Equal($"dcpnas: {narrow}{Packed}", Cli.Run("export", narrow, "--format", "c", "--out", folder["none"], "--name", "net", "--shortcuts", "8").Ends(2).Error.Trim());

        string Refused(string model, string bits, params string[] more) => Cli.Run(["export", model, "--out", folder["none.dcpnas"], "--shortcuts", bits, .. more]).Ends(2).Error.Trim();
    }

    /// <summary>C code of a packed model and of the run itself is the same, and what cannot be written is named.</summary>
    private static void AssertCode(TemporaryFolder folder, string run, string model)
    {
        var code = Cli.Run("export", model, "--format", "c", "--out", folder["code"], "--name", "net").Ends(0);
        Assert.Matches(@"c +\S+code \(12 files\): net.h, net.c, net_weights.c, a self-test, build files, README.md\nflash +\d+ bytes of constants, and the code\nram +\d+ bytes of arena", code.Output);
        var json = JsonNode.Parse(Cli.Run("export", run, "--format", "c", "--out", folder["code2"], "--name", "net", "--images", "4", "--json").Ends(0).Output)!;
        Assert.Equal("c", (string?)json["format"]);
        Assert.True(File.Exists(Path.Combine(folder["code2"], "net.dcpnas"))); // what the code was made of
        Assert.Equal(File.ReadAllText(Path.Combine(folder["code"], "net.c")), File.ReadAllText(Path.Combine(folder["code2"], "net.c")));
        Assert.Equal((int)json["arena_bytes"]!, (int)JsonNode.Parse(File.ReadAllText(Path.Combine(folder["code"], "net.json")))!["arena_bytes"]!);
        Cli.Run("export", model, "--format", "c", "--out", folder["code"], "--name", "net").Ends(0); // over its own files

        Assert.Equal("dcpnas: --format c needs --name: what every name in the code begins with. For example: --name net.", Refused());
        Assert.StartsWith($"dcpnas: {model}: The name must be 1 to 32 characters of a-z, 0-9 and _", Refused("--name", "Net"), StringComparison.Ordinal);
        Assert.Equal($"dcpnas: {run}: is not empty, and holds no code of a network net. Name a new folder.", Refused("--name", "net", "--out", run));
        Assert.Equal($"dcpnas: {run}: is not empty, and holds no code of a network options. Name a new folder.", Refused("--name", "options", "--out", run)); // whose manifest would replace options.json
        Assert.Equal("dcpnas: --name belongs to --format c. Leave it out, or name that format.", Cli.Run("export", run, "--out", folder["x.onnx"], "--name", "net").Ends(2).Error.Trim());

        string Refused(params string[] arguments) =>
            Cli.Run(["export", model, "--format", "c", .. arguments.Contains("--out") ? (string[])[] : ["--out", folder["none"]], .. arguments]).Ends(2).Error.Trim();
    }

    [Fact]
    public void Export_OfUnusableInput_EndsWithReasonAndRemedy()
    {
        using var folder = new TemporaryFolder();
        var format = Cli.Run("export", folder["run"], "--out", folder["net"], "--format", "onx").Ends(2);
        Assert.Equal("dcpnas: --format must be one of packed, onnx, c, got 'onx'. Did you mean 'onnx'?", format.Error.Trim());
        var model = Cli.Run("export", folder["run"], "--out", folder["net"]).Ends(2);
        Assert.Contains(folder["run"], model.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
