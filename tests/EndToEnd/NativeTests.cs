using System.Diagnostics;
using System.Globalization;
using System.Text;
using DcpNas.Runtime;
using DcpNas.Runtime.Model;

namespace EndToEnd;

/// <summary>The runtime compiled ahead of time.</summary>
public class NativeTests
{
    private const int Side = 16;
    private const int Width = 64;

    [Fact]
    public void Publish_OfTheConsoleSampleAsNativeCode_SaysWhatTheManagedRuntimeSays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The linker of this system is not known here.");
        var compiler = ((string[])["clang", "gcc"]).FirstOrDefault(IsInstalled);
        Assert.SkipWhen(compiler is null || !IsInstalled("ld"), "Native code needs clang or gcc, and ld.");
        using var folder = new TemporaryFolder();
        var model = Network();
        model.Save(folder["net.dcpnas"]);
        var pixels = new byte[Side * Side * 3];
        new Random(5).NextBytes(pixels);
        File.WriteAllBytes(folder["image.ppm"], [.. Encoding.ASCII.GetBytes($"P6\n{Side} {Side}\n255\n"), .. pixels]);

        var publish = Run(
            "dotnet", "publish", Path.Combine(StartScriptTests.RepositoryRoot(), "samples", "Classify"), "-c", "Release", "--nologo", "-v", "quiet", "-p:PublishAot=true",
            $"-p:CppCompilerAndLinker={compiler}", "-p:LinkerFlavor=bfd", "-p:RunAnalyzers=false", $"-p:ArtifactsPath={folder["artifacts"]}", "-o", folder["out"]);
        Assert.SkipWhen(publish.Code != 0 && publish.Output.Contains("NU1101", StringComparison.Ordinal), "The ahead-of-time compiler cannot be downloaded.");
        Assert.True(publish.Code == 0, publish.Output + publish.Error);
        var native = Run(folder["out/Classify"], folder["net.dcpnas"], folder["image.ppm"]);

        using var runner = new PackedRunner(model);
        runner.Run(pixels);
        var best = new Prediction[5];
        Assert.Equal(5, runner.TopClasses(0, best));
        Assert.Equal((0, ""), (native.Code, native.Error));
        Assert.Equal(best.Select(prediction => string.Create(CultureInfo.InvariantCulture, $"{prediction.Probability,8:P2}  {prediction.Label}")), native.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.InRange(best[0].Probability, 0.1, 0.9); // all five say something
    }

    /// <summary>A block of each kind of kernel: real, dense and depthwise 1-bit convolutions, bits and sums, pool, shortcut, head.</summary>
    private static PackedModel Network()
    {
        var random = new Random(3);
        var graph = new GraphBuilder(Side, Side, 3);
        var stem = graph.Convolution("stem", graph.Image, Reals(Width * 27), Reals(Width), ConvolutionGeometry.Same(3));
        var depthwise = graph.BinaryConvolution(
            "depthwise", graph.Sign("signs", stem, Reals(Width), new ThresholdRule[Width]), SignWeights.PackDepthwise(Reals(Width * 9), Width, 3), ConvolutionGeometry.Same(3), new int[Width],
            new ThresholdRule[Width]);
        var dense = graph.BinaryConvolution("dense", depthwise, SignWeights.PackDense(Reals(Width * Width * 9), Width, Width, 3), ConvolutionGeometry.Same(3));
        var sum = graph.Affine("sum", dense, [.. Reals(Width).Select(number => number / 10)], Reals(Width), stem, Reals(Width));
        var mean = graph.GlobalAverage("mean", graph.MaxPool("pool", sum, 3, 2, 1));
        graph.Output(GraphOutput.Logits, graph.Linear("head", mean, [.. Reals(10 * Width).Select(number => number / 20)], Reals(10)));
        return graph.Build(new ModelInfo { Producer = "tests", Preprocessing = new Preprocessing([0.5, 0.5, 0.5], [0.25, 0.25, 0.25]) });

        float[] Reals(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    private static Cli.Result Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // or a build server would hold the pipes open
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        return Cli.Wait(process, TimeSpan.FromMinutes(8));
    }
}
