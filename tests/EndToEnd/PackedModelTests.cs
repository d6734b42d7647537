using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DcpNas.Runtime;
using SkiaSharp;

namespace EndToEnd;

/// <summary><c>dcpnas inspect</c>, <c>predict</c> and <c>bench</c> as processes.</summary>
public class PackedModelTests
{
    // Logits of a pure colour are 2, -2, -2.
    private const string Certain = "0.9647";

    [Fact]
    public void Inspect_OfAModel_ShowsGraphSizesAndHashes()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"], resize: 12);
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model)));

        var text = Cli.Run("inspect", model).Ends(0).Output;
        var json = JsonNode.Parse(Cli.Run("inspect", model, "--json").Ends(0).Output)!;

        Assert.Contains("classes       3: red, green, blue", text, StringComparison.Ordinal);
        Assert.Contains("mean 0.5 0.5 0.5, std 0.25 0.25 0.25; shorter side to 12 pixels, then the centre", text, StringComparison.Ordinal);
        Assert.Contains("weights       27 of 1 bit, 18 numbers of 32 bits", text, StringComparison.Ordinal);
        Assert.Matches(@"depthwise +binary_convolution +3x3 depthwise +sums 8x8x3 +27 +signs\n", text);
        Assert.Contains($"file    {hash}", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text); // of the producer's name
        Assert.Equal(hash, (string?)json["sha256"]!["file"]);
        var bytes = json["bytes"]!;
        Assert.Equal(new FileInfo(model).Length, (long)bytes["binary"]! + (long)bytes["real"]! + (long)bytes["metadata"]!);
        Assert.Equal(9 * sizeof(ulong), (long)bytes["binary"]!);
        Assert.Equal(["signs", "depthwise", "nothing", "mean", "head"], json["nodes"]!.AsArray().Select(node => (string?)node!["name"]));
        Assert.Equal(12, (int)json["preprocessing"]!["resize"]!);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("bench")]
    public void Command_OfWhatIsNotExportedYet_SaysHowToExportIt(string command, params string[] more)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["run"]);
        Directory.CreateDirectory(folder["empty"]);
        byte[] header = [.. """{"__metadata__":{"kind":"checkpoint"}}"""u8];
        File.WriteAllBytes(folder["run/best.safetensors"], [.. BitConverter.GetBytes((long)header.Length), .. header]);

        Assert.Equal("dcpnas: run: is the folder of a training, not a packed model. Write one first: dcpnas export run --out net.dcpnas\n", Cli.Run(folder.Path, [command, "run", .. more]).Ends(2).Error);
        Assert.Equal("dcpnas: run/best.safetensors: is a checkpoint, not a packed model. Write one first: dcpnas export run/best.safetensors --out net.dcpnas\n", Cli.Run(folder.Path, [command, "run/best.safetensors", .. more]).Ends(2).Error);
        Assert.Equal("dcpnas: empty: is a folder, not a packed model. Name a file that dcpnas export has written.\n", Cli.Run(folder.Path, [command, "empty", .. more]).Ends(2).Error);
    }

    [Fact]
    public void Predict_OfColours_NamesThem()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);
        var red = ColourModel.Paint(folder["red.png"], 8, 8, SKColors.Red);
        var wide = ColourModel.Paint(folder["wide.png"], 80, 16, SKColors.Red, SKColors.Lime, SKColors.Lime, SKColors.Lime, SKColors.Blue); // the cut is the middle of the green

        var result = Cli.Run("predict", model, red, wide, "--top", "1").Ends(0);

        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal([["file", "class", "probability"], [red, "red", Certain], [wide, "green", Certain]], lines);
        Assert.Matches(@"^2 images in [0-9.]+ s: [0-9.]+ images/s with decoding, [0-9]+ threads?\.\n$", result.Error);
    }

    [Fact]
    public void Predict_InIntegers_NamesColours()
    {
        using var folder = new TemporaryFolder();
        var plain = PackedModel.Load(ColourModel.Write(folder["plain.dcpnas"]));
        using var calibrator = new FixedPointCalibrator(plain, NumericMode.Integer);
        calibrator.Observe(Enumerable.Repeat(2f, 192).ToArray());
        calibrator.Compare(Enumerable.Repeat(-2f, 192).ToArray());
        calibrator.Finish().Save(folder["net.dcpnas"]);
        var images = ((string Name, SKColor Colour)[])[("red", SKColors.Red), ("green", SKColors.Lime), ("blue", SKColors.Blue)];
        string[] files = [.. images.Select(image => ColourModel.Paint(folder[$"{image.Name}.png"], 8, 8, image.Colour))];

        var lines = Cli.Run(["predict", folder["net.dcpnas"], .. files, "--top", "1", "--mode", "integer"]).Ends(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(images.Select(image => image.Name), lines[1..].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.All(lines[1..], line => Assert.Contains(" 0.96", line, StringComparison.Ordinal)); // 0.9647, but for rounding
    }

    [Fact]
    public void Predict_OfAFolder_IsTheSameOnEveryNumberOfThreads()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);
        SKColor[] colours = [SKColors.Red, SKColors.Lime, SKColors.Blue];
        for (var i = 0; i < 9; i++)
        {
            ColourModel.Paint(folder[$"images/{i % 2}/{i}.{(i < 5 ? "png" : "jpg")}"], 10 + i, 12, colours[i % 3]);
        }

        var one = JsonNode.Parse(Cli.Run("predict", model, folder["images"], "--threads", "1", "--json").Ends(0).Output)!;
        var three = JsonNode.Parse(Cli.Run("predict", model, folder["images"], "--threads", "3", "--json").Ends(0).Output)!;

        Assert.Equal(one["images"]!.ToJsonString(), three["images"]!.ToJsonString());
        int[] order = [0, 2, 4, 6, 8, 1, 3, 5, 7];
        Assert.Equal(order.Select(i => ((string[])["red", "green", "blue"])[i % 3]), one["images"]!.AsArray().Select(image => (string?)image!["classes"]![0]!["class"]));
        Assert.All(one["images"]!.AsArray(), image => Assert.Equal(1, image!["classes"]!.AsArray().Sum(entry => (double)entry!["probability"]!), 1e-6));
        Assert.Empty(one["failed"]!.AsArray());
    }

    [Fact]
    public void Predict_OfFoldersNamedAfterClasses_CountsWhatIsRight()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);
        ColourModel.Paint(folder["set/red/1.png"], 8, 8, SKColors.Red);
        ColourModel.Paint(folder["set/red/2.png"], 8, 8, SKColors.Red);
        ColourModel.Paint(folder["set/blue/3.png"], 8, 8, SKColors.Lime);
        ColourModel.Paint(folder["set/other/4.png"], 8, 8, SKColors.Lime);
        var alone = ColourModel.Paint(folder["blue/5.png"], 8, 8, SKColors.Red); // named itself: its folder says nothing

        var result = Cli.Run("predict", model, folder["set"], alone, "--top", "1").Ends(0);
        Assert.EndsWith("\naccuracy 66.7 % of 3 images in folders of their class (blue 0 of 1, red 2 of 2)\n", result.Output, StringComparison.Ordinal);

        var json = JsonNode.Parse(Cli.Run("predict", model, folder["set"], alone, "--top", "2", "--json").Ends(0).Output)!;
        Assert.Equal((2.0 / 3, 3), ((double)json["accuracy"]!["top1"]!, (int)json["accuracy"]!["images"]!));
        Assert.Equal(["blue", null, "red", "red", null], json["images"]!.AsArray().Select(image => (string?)image!["label"]));
        Assert.Null(JsonNode.Parse(Cli.Run("predict", model, alone, "--json").Ends(0).Output)!["accuracy"]);
    }

    [Fact]
    public void Predict_AsCsv_PrintsALineForEachClass()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);
        var image = ColourModel.Paint(folder["a, \"b\".png"], 8, 8, SKColors.Lime);
        var quoted = $"\"{image.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

        var result = Cli.Run("predict", model, image, "--top", "2", "--csv").Ends(0);
        Assert.Matches($"^file,rank,class,probability\n{System.Text.RegularExpressions.Regex.Escape(quoted)},1,green,0\\.9[0-9]{{5}}\n{System.Text.RegularExpressions.Regex.Escape(quoted)},2,(red|blue),0\\.0[0-9]{{5}}\n$", result.Output);
        Assert.Contains("--csv and --json exclude each other.", Cli.Run("predict", model, image, "--csv", "--json").Ends(2).Error, StringComparison.Ordinal);
        var embedding = ColourModel.Write(folder["embedding.dcpnas"], classifier: false);
        Assert.Contains("--csv is for classifiers.", Cli.Run("predict", embedding, image, "--csv").Ends(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_OfAnImageOfTooManyPixels_NamesItAndDoesTheRest()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);
        var large = ColourModel.Paint(folder["large.png"], 40, 30, SKColors.Red);
        var small = ColourModel.Paint(folder["small.png"], 8, 8, SKColors.Blue);

        var result = Cli.Run("predict", model, large, small, "--top", "1", "--max-image-pixels", "1199").Ends(2);
        Assert.Contains($"dcpnas: {large}: at its size, expected at most 1,199 pixels but found 40 x 30. Scale the image down or delete the file, or raise the limit with --max-image-pixels", result.Error, StringComparison.Ordinal);
        Assert.Contains(small, result.Output, StringComparison.Ordinal);
        Cli.Run("predict", model, large, small, "--max-image-pixels", "1200").Ends(0);
        Assert.Contains("--max-image-pixels must be from 1 to 500000000, got 0.", Cli.Run("predict", model, small, "--max-image-pixels", "0").Ends(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("bench")]
    [InlineData("predict", "x.png")]
    public void Commands_OnADeviceWithoutEnd_SaySo(string command, params string[] rest) => Assert.Equal(
        "dcpnas: /dev/zero: cannot be read: It is no ordinary file, and has not ended after 256 MiB. Name a file that dcpnas export has written.\n",
        Cli.Run([command, "/dev/zero", .. rest]).Ends(2).Error);

    [Fact]
    public void Predict_WithBadImages_NamesThemDoesTheRestAndEndsWithTwo()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);
        File.WriteAllText(folder["bad.jpg"], "no image");
        var blue = ColourModel.Paint(folder["blue.png"], 8, 8, SKColors.Blue);

        var result = Cli.Run("predict", model, folder["bad.jpg"], blue, folder["none.png"], "--top", "1").Ends(2);

        Assert.Matches($"{blue} +blue +{Certain}\n", result.Output);
        Assert.Contains($"dcpnas: {folder["bad.jpg"]}: at its start, expected a JPEG, PNG, WebP or BMP image but found", result.Error, StringComparison.Ordinal);
        Assert.Contains($"dcpnas: {folder["none.png"]}: cannot be read:", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("dcpnas: 2 of 3 images could not be used; they are named above.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal("", Cli.Run("predict", model, folder["bad.jpg"]).Ends(2).Output);
    }

    [Fact]
    public void Commands_OnUnusableModels_EndWithReasonAndRemedy()
    {
        using var folder = new TemporaryFolder();
        var image = ColourModel.Paint(folder["red.png"], 8, 8, SKColors.Red);
        var damaged = ColourModel.Write(folder["damaged.dcpnas"]);
        var bytes = File.ReadAllBytes(damaged);
        bytes[^1] ^= 1;
        File.WriteAllBytes(damaged, bytes);
        var raw = ColourModel.Write(folder["raw.dcpnas"], normalises: false);

        foreach (var command in (string[])["inspect", "bench"])
        {
            Assert.StartsWith($"dcpnas: {damaged}: at __metadata__.tensors_sha256, expected the SHA-256 of what was read", Cli.Run(command, damaged).Ends(2).Error, StringComparison.Ordinal);
        }

        Assert.StartsWith($"dcpnas: {damaged}: at __metadata__", Cli.Run("predict", damaged, image).Ends(2).Error, StringComparison.Ordinal);
        Assert.StartsWith($"dcpnas: {folder["none"]}: there is no such file. Name one that dcpnas export has written, or one of the networks", Cli.Run("inspect", folder["none"]).Ends(2).Error, StringComparison.Ordinal);
        Assert.StartsWith($"dcpnas: {raw}: the model does not say how pixels become numbers", Cli.Run("predict", raw, image).Ends(2).Error, StringComparison.Ordinal);
        Assert.Equal("dcpnas: --top must be at least 1, got 0.", Cli.Run("predict", damaged, image, "--top", "0").Ends(2).Error.Trim());
    }

    [Fact]
    public void Predict_WithAModelOfEmbeddings_PrintsThem()
    {
        using var folder = new TemporaryFolder();
        var image = ColourModel.Paint(folder["red.png"], 8, 8, SKColors.Red);
        var model = ColourModel.Write(folder["embedding.dcpnas"], classifier: false);
        Assert.Equal($"{image}  2 -2 -2", Cli.Run("predict", model, image).Ends(0).Output.Trim());
    }

    [Fact]
    public void Predict_WithAModelThatStretches_SeesTheWholeImage()
    {
        using var folder = new TemporaryFolder();
        var wide = ColourModel.Paint(folder["wide.png"], 64, 16, SKColors.Red, SKColors.Lime, SKColors.Lime, SKColors.Red);
        var cut = ColourModel.Write(folder["cut.dcpnas"], classifier: false);
        var stretched = ColourModel.Write(folder["stretched.dcpnas"], classifier: false, fit: DcpNas.Runtime.ImageFit.Stretch);

        Assert.Equal($"{wide}  -2 2 -2", Cli.Run("predict", cut, wide).Ends(0).Output.Trim()); // the centre is green
        Assert.Equal($"{wide}  0 0 -2", Cli.Run("predict", stretched, wide).Ends(0).Output.Trim()); // half of the image is red, and every pixel of the result lies in one stripe

        Assert.Contains("; each side stretched to the input\n", Cli.Run("inspect", stretched).Ends(0).Output, StringComparison.Ordinal);
        var json = JsonNode.Parse(Cli.Run("inspect", stretched, "--json").Ends(0).Output)!;
        Assert.Equal(("stretch", 3, "head", "linear"),
            ((string?)json["preprocessing"]!["fit"], (int)json["embedding"]!["numbers"]!, (string?)json["embedding"]!["node"], (string?)json["embedding"]!["type"]));
    }

    [Fact]
    public void Bench_ThatCannotBeWritten_SaysSoBeforeItMeasuresAndLeavesNoPart()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);

        var blocked = Cli.Run("bench", model, "--seconds", "0.05", "--threads", "1", "--out", Path.Combine(model, "bench")).Ends(2);
        Assert.StartsWith($"dcpnas: {model}/bench: cannot be written: ", blocked.Error, StringComparison.Ordinal);

        Directory.CreateDirectory(folder["bench"]);
        File.WriteAllText(folder["bench/bench.md"], "old");
        var foreign = Cli.Run("bench", model, "--seconds", "0.05", "--threads", "1", "--out", folder["bench"]).Ends(2);
        Assert.Equal($"dcpnas: {folder["bench/bench.md"]}: is there, and no bench.json of the same command beside it: it may be somebody else's. Name another folder.\n", foreign.Error);
        Directory.CreateDirectory(folder["own"]);
        var itself = Cli.Run("bench", ColourModel.Write(folder["own/bench.json"]), "--seconds", "0.05", "--threads", "1", "--out", folder["own"]).Ends(2);
        Assert.Equal($"dcpnas: {folder["own/bench.json"]}: would replace {folder["own/bench.json"]}, which is read. Name another folder.\n", itself.Error);

        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        File.WriteAllText(folder["bench/bench.json"], """{"model": "", "sha256": "", "layers": []}""");
        File.CreateSymbolicLink(folder["bench/bench.md.tmp"], "/dev/full");
        var full = Cli.Run("bench", model, "--seconds", "0.05", "--threads", "1", "--out", folder["bench"]).Ends(2);
        Assert.Contains($"{folder["bench/bench.md"]}: cannot be written: No space left on device", full.Error, StringComparison.Ordinal);
        Assert.Equal([folder["bench/bench.json"], folder["bench/bench.md"]], Directory.GetFileSystemEntries(folder["bench"]).Order(StringComparer.Ordinal));
        Assert.Equal("old", File.ReadAllText(folder["bench/bench.md"]));
    }

    [Fact]
    public void Bench_OfAModel_MeasuresThreadsAndEveryLayer()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);

        var result = Cli.Run("bench", model, "--seconds", "0.2", "--threads", "2,1", "--batch", "3", "--out", folder["bench"], "--json").Ends(0);

        var json = JsonNode.Parse(result.Output)!;
        Assert.Equal([1, 2], json["threads"]!.AsArray().Select(timing => (int)timing!["threads"]!));
        Assert.All(json["threads"]!.AsArray(), timing => Assert.True((double)timing!["milliseconds"]!["low"]! > 0 && (double)timing["images_per_second"]! > 0));
        Assert.Equal(["signs", "nothing", "mean", "head"], json["layers"]!.AsArray().Select(layer => (string?)layer!["node"]));
        Assert.Equal(1, json["layers"]!.AsArray().Sum(layer => (double)layer!["share"]!), 1e-9);
        Assert.Null(json["comparison"]);
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(File.ReadAllText(Path.Combine(folder["bench"], "bench.json")))));
        Assert.Contains("| nothing | binary_convolution+affine |", File.ReadAllText(Path.Combine(folder["bench"], "bench.md")), StringComparison.Ordinal);
        Assert.Contains("nothing (binary_convolution+affine)", File.ReadAllText(Path.Combine(folder["bench"], "layers.svg")), StringComparison.Ordinal);
        Assert.StartsWith("<svg", File.ReadAllText(Path.Combine(folder["bench"], "types.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_WithAFolder_WritesWhatItPrints()
    {
        using var folder = new TemporaryFolder();
        var image = ColourModel.Paint(folder["red.png"], 8, 8, SKColors.Red);
        foreach (var (classifier, file, key) in ((bool, string, string)[])[(true, "predictions.json", "classes"), (false, "embeddings.json", "embedding")])
        {
            var model = ColourModel.Write(folder[$"{key}.dcpnas"], classifier: classifier);
            var printed = JsonNode.Parse(Cli.Run("predict", model, image, folder["none.png"], "--out", folder[key], "--json").Ends(2).Output)!.AsObject();
            var written = JsonNode.Parse(File.ReadAllText(Path.Combine(folder[key], file)))!;
            Assert.NotEmpty(written["images"]![0]![key]!.AsArray());
            Assert.Equal(folder["none.png"], (string?)written["failed"]![0]!["file"]);
            foreach (var time in (string[])["threads", "seconds", "images_per_second"])
            {
                Assert.True(printed.Remove(time)); // the files of two runs are the same
            }

            Assert.True(JsonNode.DeepEquals(printed, written));
            Assert.Contains("which is read", Cli.Run("predict", model, Path.Combine(folder[key], file), "--out", folder[key]).Ends(2).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Mode_OfAModel_IsOneThatItHas()
    {
        using var folder = new TemporaryFolder();
        var model = ColourModel.Write(folder["net.dcpnas"]);
        foreach (var command in (string[][])[["bench", model], ["predict", model, model]])
        {
            Assert.Equal(
                $"dcpnas: {model}: the model has no fast mode: its file says nothing about fixed-point numbers. Export the network again (dcpnas export, at least 2 images), or leave out --mode fast.",
                Cli.Run([.. command, "--mode", "fast"]).Ends(2).Error.Trim());
            Assert.Equal(
                $"dcpnas: {model}: the model has no integer mode: its file holds no integers. Export the network again (dcpnas export --integer, at least 2 images), or leave out --mode integer.",
                Cli.Run([.. command, "--mode", "integer"]).Ends(2).Error.Trim());
            Assert.Equal("dcpnas: --mode must be one of exact, fast, integer, got 'fats'. Did you mean 'fast'?", Cli.Run([.. command, "--mode", "fats"]).Ends(2).Error.Trim());
        }
    }

    [Fact]
    public void Commands_OnAFileOfAnEarlierVersion_SayWhatTheySaidThen()
    {
        using var folder = new TemporaryFolder();
        var model = Path.Combine(AppContext.BaseDirectory, "Models", "without-network.dcpnas");
        var image = ColourModel.Paint(folder["stripes.png"], 40, 32, SKColors.Red, SKColors.Lime, SKColors.Blue);

        var classes = JsonNode.Parse(Cli.Run("predict", model, image, "--top", "3", "--json").Ends(0).Output)!["images"]![0]!["classes"]!.AsArray();
        Assert.Equal(["ring", "triangle", "striped triangle"], classes.Select(one => (string?)one!["class"]));
        Assert.Equal([0.14188206f, 0.121624075f, 0.119503565f], classes.Select(one => (float)one!["probability"]!));
        var facts = JsonNode.Parse(Cli.Run("inspect", model, "--json").Ends(0).Output)!;
        Assert.Equal("417762df5ed9d829e0a8552f4cf4dd42aa25d29cc670535e61ea63ea29131d2e", (string?)facts["sha256"]!["file"]);
        Assert.Null(facts["network"]);
        Assert.Equal((106, 118_784), (facts["nodes"]!.AsArray().Count, (int)facts["bytes"]!["image"]!));
        Assert.DoesNotContain("\nnetwork ", Cli.Run("inspect", model).Ends(0).Output, StringComparison.Ordinal);
        Cli.Run("bench", model, "--seconds", "0.05", "--threads", "1", "--mode", "fast").Ends(0);

        var against = Cli.Run("bench", model, "--seconds", "0.05", "--threads", "1", "--against", "onnxruntime").Ends(2);
        Assert.Equal(
            $"dcpnas: {model}: at model.network, expected a description of the network but found none. Export the run again, without --compact (dcpnas export RUN --out FILE); "
                + "files of earlier versions and compact ones do not hold it.\n",
            against.Error); // before anything is measured
    }
}
