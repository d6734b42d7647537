using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>Small models for tests.</summary>
internal static class SampleModels
{
    public static ModelInfo Info(int channels, int classes) => new()
    {
        Producer = "test 1.0",
        Genotype = "normal: n2[skip<-0, \"sep3\"<-1] ü",
        Network = """{"architecture": "cells", "genotype": {"normal": {"nodes": [{"edges": [{"operation": "ü"}]}]}}, "task": "classification"}""",
        Preprocessing = new Preprocessing([.. Enumerable.Repeat(0.4914, channels)], [.. Enumerable.Repeat(0.2470, channels)], Resize: 40),
        Classes = [.. Enumerable.Range(0, classes).Select(index => $"class \"{index}\"")],
        Cost = new Dictionary<string, double> { ["ops"] = 1234567.5, ["binary_macs"] = 9_007_199_254_740_991 },
    };

    /// <summary>A network with every kind of node, in the form of a searched one: stem, blocks, factorised reduce, pools, head.</summary>
    public static PackedModel EveryNode(int seed = 1, int side = 8, int channels = 66)
    {
        var draw = new Draw(seed);
        var graph = new GraphBuilder(side, side, 3);
        var stem = graph.Convolution("stem", graph.Image, draw.Reals(channels * 3 * 9), draw.Reals(channels), ConvolutionGeometry.Same(3), relu: true);
        var bits = graph.Sign("stem.sign", stem, draw.Reals(channels), draw.Rules(channels));
        var depthwise = graph.BinaryConvolution(
            "block.depthwise", bits, SignWeights.PackDepthwise(draw.Reals(channels * 25), channels, 5), ConvolutionGeometry.Same(5, dilation: 2), draw.Sums(channels, 9), draw.Rules(channels));
        var sums = graph.BinaryConvolution("block.pointwise", depthwise, SignWeights.PackDense(draw.Reals(channels * channels), channels, channels, 1), ConvolutionGeometry.Pointwise);
        var block = graph.Affine("block", sums, draw.Reals(channels), draw.Reals(channels), stem, draw.Reals(channels), draw.Reals(channels));
        var node = graph.Add("node", block, graph.MaxPool("max", stem, 3, 1, 1), graph.AveragePool("average", block, 3, 1, 1));
        var release = graph.SignWeightConvolution("release", node, SignWeights.PackDepthwise(draw.Reals(channels * 9), channels, 3), ConvolutionGeometry.Same(3, stride: 2));
        var real = graph.Convolution("real", release, draw.Reals(channels * 9), [], ConvolutionGeometry.Same(3), depthwise: true);
        var odd = channels / 2;
        var reduced = graph.FactorizedReduce(
            "reduce", graph.Sign("reduce.sign", node, draw.Reals(channels), draw.Rules(channels)),
            SignWeights.PackDense(draw.Reals((channels - odd) * channels), channels - odd, channels, 1), SignWeights.PackDense(draw.Reals(odd * channels), odd, channels, 1));
        var cell = graph.Concat("cell", graph.Affine("reduce.norm", reduced, draw.Reals(channels), draw.Reals(channels)), graph.Relu("relu", real));
        var features = graph.Identity("features", graph.GlobalAverage("pool", cell));
        graph.Output(GraphOutput.Embedding, features);
        graph.Output(GraphOutput.Logits, graph.Linear("head", features, draw.Reals(10 * 2 * channels), draw.Reals(10)));
        return graph.Build(Info(3, 10));
    }

    /// <summary>A detector of two resolutions whose settings are drawn: thresholds, variances, anchors, and limits that random images reach.</summary>
    public static PackedModel Detector(int seed)
    {
        var draw = new Draw(seed);
        var (classes, anchors) = (draw.Between(1, 5), draw.Between(1, 3));
        var graph = new GraphBuilder(draw.Between(7, 12), draw.Between(7, 12), 3);
        var map = graph.Convolution("map", graph.Image, draw.Reals(6 * 3 * 9), draw.Reals(6), ConvolutionGeometry.Same(3, stride: 2));
        foreach (var (level, input) in ((int, GraphValue)[])[(0, map), (1, graph.MaxPool("pool", map, 3, 2, 1))])
        {
            graph.Output($"scores.{level}", graph.Convolution($"scores.{level}", input, Large(anchors * (classes + 1) * 6), draw.Reals(anchors * (classes + 1)), new ConvolutionGeometry(1)));
            graph.Output($"codes.{level}", graph.Convolution($"codes.{level}", input, Large(anchors * 4 * 6), draw.Reals(anchors * 4), new ConvolutionGeometry(1)));
        }

        return graph.Build(new ModelInfo
        {
            Producer = "test 1.0",
            Preprocessing = Info(3, 0).Preprocessing,
            Classes = [.. Enumerable.Range(0, classes).Select(index => $"class {index}")],
            Detector = new DetectorInfo
            {
                Levels = [.. Enumerable.Range(0, 2).Select(level => new DetectorLevel(
                    $"scores.{level}", $"codes.{level}", [.. Enumerable.Range(0, anchors).Select(_ => new AnchorSize(draw.Between(1, 200) / 100.0, draw.Between(1, 100) / 150.0))]))],
                Settings = new DetectorSettings
                {
                    CentreVariance = draw.Of(0.1, 0.25, 1),
                    SizeVariance = draw.Of(0.2, 0.7, 2),
                    ScoreThreshold = draw.Of(0, 0.01, 0.2),
                    OverlapThreshold = draw.Of(0.2, 0.45, 1),
                    MostCandidates = draw.Of(1, 7, 400),
                    MostDetections = draw.Of(5, 20, 100),
                },
            },
        });

        float[] Large(int count) => [.. draw.Reals(count).Select(value => 3 * value)];
    }

    /// <summary>A network whose sums need 32 bits, beside some that do not.</summary>
    public static PackedModel WideSums(int seed)
    {
        const int Channels = 3700;
        var draw = new Draw(seed);
        var graph = new GraphBuilder(3, 2, 1);
        var stem = graph.Convolution("stem", graph.Image, draw.Reals(Channels), [], ConvolutionGeometry.Pointwise);
        var bits = graph.Sign("signs", stem, new float[Channels], draw.Rules(Channels));
        var wide = graph.BinaryConvolution("wide", bits, SignWeights.PackDense(draw.Reals(3 * Channels * 9), 3, Channels, 3), ConvolutionGeometry.Same(3));
        var narrow = graph.BinaryConvolution("narrow", bits, SignWeights.PackDense(draw.Reals(2 * Channels), 2, Channels, 1), ConvolutionGeometry.Pointwise);
        graph.Output("wide", graph.Affine("wide.norm", wide, draw.Reals(3), draw.Reals(3), null, draw.Reals(3), draw.Reals(3)));
        graph.Output("both", graph.Affine("both.norm", graph.Concat("both", wide, narrow), draw.Reals(5), draw.Reals(5)));
        return graph.Build(Info(1, 0));
    }

    /// <summary>A model with a fast mode, its exponents found on synthetic images.</summary>
    public static PackedModel Calibrated(PackedModel model, int seed)
    {
        using var calibrator = new FixedPointCalibrator(model);
        calibrator.Observe(new Draw(seed + 1000).Reals(4 * (int)model.Graph.Input.Elements));
        calibrator.Compare(new Draw(seed + 2000).Reals((int)model.Graph.Input.Elements));
        return calibrator.Finish();
    }

    /// <summary>A model with an integer mode, made on synthetic images; with a preprocessing where it has none.</summary>
    public static PackedModel Integer(PackedModel model, int seed, int bits = 16)
    {
        var channels = model.Graph.Input.Channels;
        model = new PackedModel(model.Graph, model.Info with { Preprocessing = model.Info.Preprocessing ?? Info(channels, 0).Preprocessing });
        using var calibrator = new FixedPointCalibrator(model, NumericMode.Integer, bits);
        calibrator.Observe(Normalised(model, seed + 1000, 4));
        calibrator.Compare(Normalised(model, seed + 2000, 1));
        return calibrator.Finish();
    }

    /// <summary>Drawn pixels as a model's preprocessing normalises them.</summary>
    public static float[] Normalised(PackedModel model, int seed, int images)
    {
        var preprocessing = model.Info.Preprocessing!;
        var table = PixelNormalization.Table(preprocessing.Mean, preprocessing.StandardDeviation);
        return [.. new Draw(seed).Pixels(images * (int)model.Graph.Input.Elements).Select((pixel, i) => table[(256 * (i % model.Graph.Input.Channels)) + pixel])];
    }

    /// <summary>A model with a fast mode, most of its nodes with any exponent that a file may name.</summary>
    public static PackedModel WithAnyExponents(PackedModel model, int seed, int least = FixedPointInfo.LeastExponent, int most = FixedPointInfo.MostExponent)
    {
        var draw = new Draw(seed);
        var exponents = model.Graph.Nodes.Where(node => model.Graph.ShapeOf(node.Name).Kind == ValueKind.Real && draw.Between(0, 3) > 0)
            .ToDictionary(node => node.Name, _ => draw.Between(least, most));
        return new PackedModel(model.Graph, model.Info with { FixedPoint = new FixedPointInfo { Exponents = exponents, CalibrationImages = 1, Agreement = new(1, 0, null) } });
    }

    public static byte[] Bytes(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
