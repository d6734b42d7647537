using DcpNas.Embedded;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Embedded;

/// <summary>Generated C: every result, and every layer, is that of the runtime's integer mode.</summary>
public sealed class CSourceGeneratorTests : IDisposable
{
    private const int Images = 3;

    /// <summary>Boxes for a caller that has room for few, or makes a mistake.</summary>
    private const string Few = """
        #include <stdio.h>
        #include "net.h"

        static uint32_t arena[NET_ARENA_BYTES / 4 + 1];
        static uint8_t pixels[NET_PIXEL_BYTES];
        static int16_t results[NET_RESULTS];
        static net_box boxes[3];

        int main(void)
        {
            int32_t i, count;
            if (fread(pixels, 1, sizeof pixels, stdin) != sizeof pixels || net_run(pixels, results, arena) != NET_OK) {
                return 2;
            }

            if (net_detect(0, boxes, 3, arena) != -NET_ERROR_NULL || net_detect(results, 0, 3, arena) != -NET_ERROR_NULL || net_detect(results, boxes, 3, 0) != -NET_ERROR_NULL
                || net_detect(results, boxes, 3, (uint8_t *)arena + 1) != -NET_ERROR_ALIGN) {
                return 3;
            }

            count = net_detect(results, boxes, 3, arena);
            for (i = 0; i < count; i++) {
                fwrite(&boxes[i].score, sizeof boxes[i].score, 1, stdout);
            }

            if (net_run(pixels, results, arena) != NET_OK || net_detect(results, boxes, 0, arena) != 0) {
                return 4;
            }

            return net_run(pixels, results, arena) == NET_OK && net_detect(results, boxes, -1, arena) == 0 ? 0 : 5;
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dcpnas-c");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Generate_OfRandomGraphs_GivesTheNumbersOfTheRuntime()
    {
        var nodes = new List<GraphNode>();
        for (var seed = 0; seed < 12; seed++)
        {
            // Calibrated integers as an exporter makes them, with numbers of 16 or of 8 bits, and any that a file may hold.
            var model = seed % 2 == 0 ? SampleModels.Integer(RandomGraphs.Create(seed), seed, seed % 4 == 0 ? 16 : 8) : AnyIntegers.Of(RandomGraphs.Create(seed), seed);
            AssertSame(model, seed, seed % 3 == 0 ? ["NET_HARLEY_SEAL=0"] : seed % 3 == 1 ? ["NET_POPCOUNT=1"] : ["NET_MULTIPLIES_LONG=0", "NET_MULTIPLIES_SLOWLY=1"]);
            nodes.AddRange(model.Graph.Nodes);
        }

        Assert.All(NodeTypes.Names, type => Assert.Contains(nodes, node => node.Type == type));
    }

    [Fact]
    public void Generate_OfEveryNode_GivesTheNumbersOfTheRuntime() => AssertSame(SampleModels.Integer(SampleModels.EveryNode(), 1), 1, []);

    [Fact]
    public void Generate_OfNumbersOf8Bits_GivesTheNumbersOfTheRuntime()
    {
        AssertSame(SampleModels.Integer(SampleModels.EveryNode(), 1, 8), 1, []);
        AssertSame(SampleModels.Integer(SampleModels.WideSums(1), 1, 8), 1, []);
        AssertSame(SampleModels.Integer(SampleModels.Detector(4), 4, 8), 4, []);
    }

    [Fact]
    public void Generate_OfShortcutsOf8Bits_TakesHalfOfTheirMemory()
    {
        const int Channels = 32;
        var draw = new Draw(1);
        var graph = new GraphBuilder(16, 16, 3);
        var value = graph.Convolution("stem", graph.Image, draw.Reals(Channels * 27), draw.Reals(Channels), ConvolutionGeometry.Same(3));
        for (var block = 0; block < 2; block++)
        {
            var bits = graph.Sign($"sign{block}", value, draw.Reals(Channels), draw.Rules(Channels));
            var sums = graph.BinaryConvolution(
                $"sums{block}", bits, SignWeights.PackDense(draw.Reals(Channels * Channels * 9), Channels, Channels, 3), ConvolutionGeometry.Same(3));
            value = graph.Affine($"block{block}", sums, draw.Reals(Channels), draw.Reals(Channels), value, draw.Reals(Channels), draw.Reals(Channels));
        }

        graph.Output(GraphOutput.Logits, graph.Linear("head", graph.GlobalAverage("pool", graph.AveragePool("quarter", value, 4, 4, 0)), draw.Reals(10 * Channels), draw.Reals(10)));
        var model = graph.Build(SampleModels.Info(3, 10));
        long[] bytes = [.. ((int[])[8, 16]).Select(size => CSourceGenerator.Generate(SampleModels.Integer(model, 1, size), "net").ArenaBytes)];
        // Image and stem are alive at once: 16-bit pixels and one map.
        Assert.Equal([(2 * 16 * 16 * 3) + (16 * 16 * Channels), (2 * 16 * 16 * 3) + (2 * 16 * 16 * Channels)], bytes);
        AssertSame(SampleModels.Integer(model, 1, 8), 1, []);
    }

    /// <summary>Any file may have any of its numbers in 8 bits: each kernel meets each mixture of what it reads and makes.</summary>
    [Fact]
    public void Generate_OfAnyMixtureOfBits_GivesTheNumbersOfTheRuntime()
    {
        for (var seed = 100; seed < 112; seed++)
        {
            AssertSame(AnyIntegers.Of(seed % 2 == 0 ? SampleModels.EveryNode(seed, side: 6, channels: 20) : RandomGraphs.Create(seed), seed), seed, []);
        }
    }

    /// <summary>The code for Helium, whose instructions the host's compiler knows lane by lane (Helium/arm_mve.h).</summary>
    [Fact]
    public void Generate_ForHelium_GivesTheNumbersOfTheRuntime()
    {
        string[] helium = ["NET_HELIUM=1"];
        for (var seed = 200; seed < 206; seed++)
        {
            AssertSame(SampleModels.Integer(RandomGraphs.Create(seed), seed, seed % 2 == 0 ? 16 : 8), seed, helium);
            AssertSame(AnyIntegers.Of(SampleModels.EveryNode(seed, side: 6, channels: 14 + seed - 200), seed), seed, helium);
        }

        AssertSame(SampleModels.Integer(SampleModels.WideSums(1), 1), 1, helium);
        AssertSame(SampleModels.Integer(SampleModels.Detector(4), 4), 4, helium);
    }

    [Fact]
    public void Generate_OfSumsOf32Bits_GivesTheNumbersOfTheRuntime() => AssertSame(SampleModels.Integer(SampleModels.WideSums(1), 1), 1, []);

    /// <summary>Inside of the image, thresholds of depthwise filters are compared as planes of bits; here most pixels are inside.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 1)]
    [InlineData(7, 1)]
    public void Generate_OfDepthwiseThresholds_GivesTheNumbersOfTheRuntime(int kernel, int dilation)
    {
        const int Channels = 70;
        var draw = new Draw(kernel + dilation);
        var graph = new GraphBuilder(12, 11, 3);
        var stem = graph.Convolution("stem", graph.Image, draw.Reals(Channels * 3), draw.Reals(Channels), ConvolutionGeometry.Pointwise);
        var bits = graph.Sign("signs", stem, draw.Reals(Channels), draw.Rules(Channels));
        var depthwise = graph.BinaryConvolution(
            "depthwise", bits, SignWeights.PackDepthwise(draw.Reals(Channels * kernel * kernel), Channels, kernel), ConvolutionGeometry.Same(kernel, dilation: dilation),
            draw.Sums(Channels, kernel), draw.Rules(Channels));
        var sums = graph.BinaryConvolution("pointwise", depthwise, SignWeights.PackDense(draw.Reals(10 * Channels), 10, Channels, 1), ConvolutionGeometry.Pointwise);
        graph.Output("numbers", graph.Affine("norm", sums, draw.Reals(10), draw.Reals(10)));
        AssertSame(SampleModels.Integer(graph.Build(SampleModels.Info(3, 0)), 1), 1, []);
    }

    [Fact]
    public void Generate_OfDetectors_GivesTheBoxesOfTheRuntime()
    {
        var counts = new List<int>();
        for (var seed = 0; seed < 12; seed++)
        {
            var model = seed % 2 == 0 ? SampleModels.Integer(SampleModels.Detector(seed), seed) : AnyIntegers.Of(SampleModels.Detector(seed), seed);
            var numbers = AssertSame(model, seed, []);
            counts.Add(numbers[model.Graph.Outputs.Sum(result => (int)model.Graph.ShapeOf(result.Value).Elements)]);
        }

        Assert.True(counts.Count(count => count > 3) >= 8, $"boxes of the first images: {string.Join(", ", counts)}");
    }

    [Fact]
    public void Detect_WithRoomForFew_GivesTheBest()
    {
        var model = SampleModels.Integer(SampleModels.Detector(4), 4);
        var program = HostProgram.Build(model, _folder.FullName, (target, folder) =>
        {
            File.WriteAllText(Path.Combine(folder, "main.c"), Few);
            CCompiler.BuildProgram(target, folder);
        });
        var pixels = new Draw(1).Pixels((int)model.Graph.Input.Elements);
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer });
        runner.Run(pixels);
        Assert.True(runner.IntegerBoxes(0).Count > 3);
        Assert.Equal(runner.IntegerBoxes(0).Take(3).Select(box => box.Score), HostProgram.Run(program, pixels).Select(score => (int)(ushort)score));
    }

    [Fact]
    public void Generate_OfADetectorThatReadsAnOutputTwice_SaysSo()
    {
        var model = SampleModels.Integer(SampleModels.Detector(4), 4);
        var levels = model.Info.Detector!.Levels;
        var twice = new PackedModel(model.Graph, model.Info with { Detector = model.Info.Detector with { Levels = [levels[0], levels[0]] } });
        Assert.Equal(
            "The detector reads output 'scores.0' twice, which the code, whose probabilities take the place of scores, cannot. Give each level outputs of its own.",
            Assert.Throws<CodeGenerationException>(() => CSourceGenerator.Generate(twice, "net")).Message);
    }

    public static TheoryData<string> NetworksOfTheTool() => [.. Directory.GetFiles(Path.Combine(Checkout.Folder, "models"), "*.dcpnas").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(NetworksOfTheTool))]
    public void Generate_OfANetworkOfTheTool_GivesTheNumbersOfTheRuntime(string name) =>
        AssertSame(PackedModel.Load(Path.Combine(Checkout.Folder, "models", $"{name}.dcpnas")), 1, []);

    [Fact]
    public void Generate_Twice_GivesTheSameBytes()
    {
        var bytes = SampleModels.Bytes(SampleModels.Integer(SampleModels.EveryNode(), 1));
        Assert.Equal(
            CSourceGenerator.Generate(PackedModel.Load(bytes, "a"), "net").Files.ToArray(),
            CSourceGenerator.Generate(PackedModel.Load(bytes, "b"), "net").Files.ToArray());
    }

    [Fact]
    public void Generate_AsCxxAndFreestanding_Compiles()
    {
        HostProgram.Write(SampleModels.Integer(SampleModels.EveryNode(), 1), _folder.FullName);
        CCompiler.CheckFreestanding(_folder.FullName, "net");
    }

    [Fact]
    public void Generate_WithoutIntegerMode_SaysHowToGetIt()
    {
        var error = Assert.Throws<CodeGenerationException>(() => CSourceGenerator.Generate(SampleModels.EveryNode(), "net"));
        Assert.Equal(
            "The model file has no integer mode, which is what a microcontroller computes. Export the network again with this version: dcpnas export RUN --out net.dcpnas --integer.",
            error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2net")]
    [InlineData("Net")]
    [InlineData("my-net")]
    [InlineData("int")]
    [InlineData("class")]
    public void Generate_WithABadName_SaysWhatNamesAre(string name)
    {
        var error = Assert.Throws<CodeGenerationException>(() => CSourceGenerator.Generate(SampleModels.Integer(SampleModels.EveryNode(), 1), name));
        Assert.Equal(
            $"The name must be 1 to 32 characters of a-z, 0-9 and _, begin with a letter and be no word of C or C++, got '{name}'. For example: --name net.", error.Message);
    }

    private short[] AssertSame(PackedModel model, int seed, IEnumerable<string> choices)
    {
        foreach (var file in _folder.GetFiles())
        {
            file.Delete();
        }

        var program = HostProgram.Build(model, _folder.FullName, (target, folder) => CCompiler.BuildProgram(target, folder, ["NET_LAYER_HOOK=1", .. choices]));
        var pixels = new Draw(seed + 900).Pixels(Images * (int)model.Graph.Input.Elements);
        var numbers = HostProgram.Run(program, pixels);
        Assert.Equal(HostProgram.RunRuntime(model, pixels), numbers);
        return numbers;
    }
}
