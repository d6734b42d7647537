using System.Runtime.InteropServices;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Model;

/// <summary>
/// A reader and executor that shares nothing with ours, packed_model.py: written in Python with numpy from docs/model-format.md alone, it holds that page to its word. Skipped where there is no Python with numpy.
/// </summary>
public sealed class IndependentReaderTests : IDisposable
{
    private const int Graphs = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("dcpnas-reader").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Script_OnFilesOfOurs_GivesEveryOutputOfEveryModeBitForBit()
    {
        var models = Models();
        Write(models);

        Python.Run("numpy", "python3-numpy", Path.Combine(AppContext.BaseDirectory, "Model", "packed_model.py"), _folder);

        AssertAgrees(models);
    }

    private static Dictionary<string, PackedModel> Models()
    {
        var models = new Dictionary<string, PackedModel>
        {
            ["every-node"] = SampleModels.Calibrated(SampleModels.EveryNode(seed: 21), 21),
            ["every-node-integer"] = SampleModels.Integer(SampleModels.EveryNode(seed: 23), 23),
            ["wide-sums"] = SampleModels.Integer(SampleModels.WideSums(4), 4),
            ["every-node-exact-only"] = SampleModels.EveryNode(seed: 22, side: 7, channels: 64),
        };
        for (var seed = 0; seed < Graphs; seed++)
        {
            models.Add($"calibrated-{seed}", SampleModels.Calibrated(RandomGraphs.Create(seed), seed));
            models.Add($"any-exponents-{seed}", SampleModels.WithAnyExponents(RandomGraphs.Create(seed + Graphs), seed));
            models.Add($"near-exponents-{seed}", SampleModels.WithAnyExponents(RandomGraphs.Create(seed), seed, least: 6, most: 12));
            models.Add($"integer-{seed}", SampleModels.Integer(RandomGraphs.Create(seed), seed));
            models.Add($"narrow-{seed}", SampleModels.Integer(RandomGraphs.Create(seed), seed, 8));
            models.Add($"any-integers-{seed}", AnyIntegers.Of(RandomGraphs.Create(seed + Graphs), seed));
            models.Add($"detector-{seed}", seed % 2 == 0 ? SampleModels.Integer(SampleModels.Detector(seed), seed) : AnyIntegers.Of(SampleModels.Detector(seed), seed));
            models.Add($"rules-{seed}", SampleModels.WithAnyExponents(FixedPointRules(seed), seed, least: 6, most: 12));
        }

        return models;
    }

    /// <summary>What section 7 has a rule for and random graphs seldom hold: sums put side by side, a repeated shortcut, signs alone behind a concatenation, steps with one real input, identities in between.</summary>
    private static PackedModel FixedPointRules(int seed)
    {
        var draw = new Draw(seed + 7000);
        var channels = draw.Of(32, 48, 64, 96);
        var graph = new GraphBuilder(6, 5, 3);
        var stem = graph.Convolution("stem", graph.Image, draw.Reals(channels * 27), [], ConvolutionGeometry.Same(3));
        var bits = graph.Sign("sign", stem, draw.Reals(channels), draw.Rules(channels));
        var first = graph.Affine("first", Sums("sums", bits, channels, 3), draw.Reals(channels), draw.Reals(channels), draw.Coin() ? stem : null, draw.Reals(channels));
        var joined = graph.Concat("side", Sums("left", bits, channels, draw.Of(1, 3)), Sums("right", bits, channels, 1));
        var repeated = graph.Concat("repeated", MaybeIdentity(first), first);
        var wide = graph.Affine("wide", joined, draw.Reals(2 * channels), draw.Reals(2 * channels), repeated, [], draw.Coin() ? draw.Reals(2 * channels) : []);
        var term = draw.Coin() ? graph.Concat("beside", stem, first) : graph.Concat("beside", first, first);
        var node = draw.Coin() ? graph.Add("node", wide, term) : graph.Add("node", term, MaybeIdentity(wide));
        var real = graph.Affine("real", stem, draw.Reals(channels), draw.Reals(channels)); // a real input: binary32, also where the other term is fixed-point
        var mixed = graph.Add("mixed", real, graph.Affine("again", first, draw.Reals(channels), draw.Reals(channels)));
        var pooled = graph.Affine("pooled", graph.AveragePool("average", mixed, 3, 2, 1), draw.Reals(channels), draw.Reals(channels));
        var signed = graph.Concat("signed", first, draw.Coin() ? stem : mixed);
        var parts = graph.Sign("parts", draw.Coin() ? graph.Identity("same", signed) : signed, draw.Reals(2 * channels), draw.Rules(2 * channels));
        graph.Output("node", graph.GlobalAverage("mean", node));
        graph.Output("map", pooled);
        graph.Output("last", graph.Affine("last", Sums("after", parts, 2 * channels, 1), draw.Reals(channels), draw.Reals(channels)));
        return graph.Build(new ModelInfo { Producer = "test" });

        GraphValue MaybeIdentity(GraphValue value) => draw.Coin() ? graph.Identity($"{value.Name}.same", value) : value;

        GraphValue Sums(string name, GraphValue input, int inputs, int kernel) =>
            graph.BinaryConvolution(name, input, SignWeights.PackDense(draw.Reals(channels * inputs * kernel * kernel), channels, inputs, kernel), ConvolutionGeometry.Same(kernel));
    }

    private static float[] Image(PackedModel model) => new Draw(5).Reals((int)model.Graph.Input.Elements);

    private static byte[] Pixels(PackedModel model) => new Draw(6).Pixels((int)model.Graph.Input.Elements);

    private void Write(Dictionary<string, PackedModel> models)
    {
        foreach (var (name, model) in models)
        {
            model.Save(Path.Combine(_folder, $"{name}.dcpnas"));
            File.WriteAllBytes(Path.Combine(_folder, $"{name}.image"), MemoryMarshal.AsBytes<float>(Image(model)));
            File.WriteAllBytes(Path.Combine(_folder, $"{name}.pixels"), Pixels(model));
        }
    }

    /// <summary>The 16-bit numbers of all outputs.</summary>
    private static short[] IntegersOf(PackedModel model)
    {
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer });
        runner.Run(Pixels(model));
        var exponents = model.Info.Integers!.Exponents(model.Graph);
        return [.. model.Graph.Outputs.SelectMany(output => runner.Output(output.Name).ToArray().Select(value => (short)Math.ScaleB(value, exponents[output.Value])))];
    }

    /// <summary>The numbers of all boxes.</summary>
    private static ushort[] BoxesOf(PackedModel model)
    {
        using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = NumericMode.Integer });
        runner.Run(Pixels(model));
        return [.. runner.IntegerBoxes(0).SelectMany(box => (int[])[box.Left, box.Top, box.Right, box.Bottom, box.Class, box.Score]).Select(number => (ushort)number)];
    }

    private void AssertAgrees(Dictionary<string, PackedModel> models)
    {
        var differing = new List<string>();
        foreach (var (name, model) in models)
        {
            foreach (var mode in model.Info.FixedPoint is null ? [NumericMode.Exact] : (NumericMode[])[NumericMode.Exact, NumericMode.Fast])
            {
                using var runner = new PackedRunner(model, new PackedRunnerOptions { Mode = mode });
                runner.Run(Image(model));
                float[] ours = [.. model.Graph.Outputs.SelectMany(output => runner.Output(output.Name).ToArray())];
                var theirs = File.ReadAllBytes(Path.Combine(_folder, $"{name}.{(mode == NumericMode.Exact ? "exact" : "fast")}"));
                if (!MemoryMarshal.AsBytes<float>(ours).SequenceEqual(theirs))
                {
                    differing.Add($"{name} {mode}");
                }
            }

            if (model.Info.Integers is not null && !IntegersOf(model).SequenceEqual(MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(Path.Combine(_folder, $"{name}.integer")))))
            {
                differing.Add($"{name} Integer");
            }

            if (model.Info is { Integers: not null, Detector: not null } && !BoxesOf(model).SequenceEqual(MemoryMarshal.Cast<byte, ushort>(File.ReadAllBytes(Path.Combine(_folder, $"{name}.boxes")))))
            {
                differing.Add($"{name} boxes");
            }
        }

        Assert.Empty(differing);
    }
}
