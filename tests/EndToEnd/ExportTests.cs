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

        var packed = Cli.Run("export", run, "--out", folder["net.dcpnas"], "--images", "4").Ends(0);
        var onnx = Cli.Run("export", run, "--out", folder["net.onnx"], "--format", "onnx", "--json").Ends(0);

        Assert.Contains("proof     4 validation images of synthetic shapes: no difference", packed.Output, StringComparison.Ordinal);
        Assert.Contains("proof: 4 of 4 images are equal", packed.Error, StringComparison.Ordinal);
        Assert.Contains("\"format\": \"onnx\"", onnx.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["net.dcpnas"]) && File.Exists(folder["net.onnx"]));

        var bench = Cli.Run("bench", folder["net.dcpnas"], "--seconds", "0.05", "--threads", "1", "--against", "onnxruntime", "--json").Ends(0);
        var comparison = JsonNode.Parse(bench.Output)!["comparison"]!;
        Assert.StartsWith("ONNX Runtime 1.31.1", (string?)comparison["opponent"], StringComparison.Ordinal);
        Assert.Equal(("birealnet18", "none", 2), ((string?)comparison["network"]!["architecture"], (string?)comparison["network"]!["scheme"], (int)comparison["network"]!["channels"]!));
        Assert.True((int)comparison["rounds"]! >= 5 && (double)comparison["ratio"]!["low"]! > 0);
        Assert.True((double)comparison["int8"]!["ratio"]!["low"]! > 0);
        Assert.True((long)comparison["int8"]!["opponent_bytes"]! < (long)comparison["opponent_bytes"]!);
    }

    [Fact]
    public void Export_OfUnusableInput_EndsWithReasonAndRemedy()
    {
        using var folder = new TemporaryFolder();
        var format = Cli.Run("export", folder["run"], "--out", folder["net"], "--format", "onx").Ends(2);
        Assert.Equal("dcpnas: --format must be one of packed, onnx, got 'onx'. Did you mean 'onnx'?", format.Error.Trim());
        var model = Cli.Run("export", folder["run"], "--out", folder["net"]).Ends(2);
        Assert.Contains(folder["run"], model.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
