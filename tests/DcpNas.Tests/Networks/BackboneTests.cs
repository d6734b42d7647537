using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using DcpNas.Tests.Operators;
using static TorchSharp.torch;

namespace DcpNas.Tests.Networks;

/// <summary>Values and gradients of final networks against a naive implementation and finite differences.</summary>
public class BackboneTests
{
    public static TheoryData<string, BinarizationScheme, ScaleKind, SignEstimator, bool> Kinds() => new()
    {
        { "cells", BinarizationScheme.None, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "cells", BinarizationScheme.Paper, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "cells", BinarizationScheme.Paper, ScaleKind.MeanAbs, SignEstimator.StraightThrough, false },
        { "cells", BinarizationScheme.Paper, ScaleKind.Learnable, SignEstimator.BiReal, true },
        { "cells", BinarizationScheme.Release, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "cells", BinarizationScheme.Release, ScaleKind.MeanAbs, SignEstimator.BiReal, true },
        { "birealnet18", BinarizationScheme.None, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "birealnet18", BinarizationScheme.Paper, ScaleKind.MeanAbs, SignEstimator.BiReal, false },
        { "birealnet18", BinarizationScheme.Paper, ScaleKind.Learnable, SignEstimator.BiReal, true },
        { "birealnet20", BinarizationScheme.None, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "birealnet20", BinarizationScheme.Paper, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "reactnet_a", BinarizationScheme.None, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "reactnet_a", BinarizationScheme.Paper, ScaleKind.Learnable, SignEstimator.BiReal, false },
        { "reactnet_a", BinarizationScheme.Paper, ScaleKind.Learnable, SignEstimator.BiReal, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Features_Float64_EqualTheNaiveNetworkForwardAndBackward(string architecture, BinarizationScheme scheme, ScaleKind scale, SignEstimator estimator, bool realWeights)
    {
        var description = Examples.Of(architecture) with { Scheme = scheme, Scale = scale, ActivationGradient = estimator, RealWeights = realWeights };
        CompareWithNaive(description, ScalarType.Float64, 3, 1e-8);
        CompareWithNaive(Large(description), ScalarType.Float64, 2, 1e-8);
        CompareWithNaive(description with { Stem = StemKind.Half, ImageHeight = 28, ImageWidth = 31 }, ScalarType.Float64, 2, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Features_FastOperators_EqualTheNaiveNetworkForwardAndBackward(string architecture, BinarizationScheme scheme, ScaleKind scale, SignEstimator estimator, bool realWeights)
    {
        var description = Examples.Of(architecture) with { Scheme = scheme, Scale = scale, ActivationGradient = estimator, RealWeights = realWeights };
        // ReActNet ends in maps of one pixel here: statistics of four values magnify the rounding of float32.
        CompareWithNaive(description, ScalarType.Float32, 4, architecture == NetworkNames.ReActNetA ? 3e-2 : 5e-3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Features_Evaluation_EqualTheNaiveNetworkWithRunningStatistics(string architecture, BinarizationScheme scheme, ScaleKind scale, SignEstimator estimator, bool realWeights)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture) with { Scheme = scheme, Scale = scale, ActivationGradient = estimator, RealWeights = realWeights };
        foreach (var type in (ScalarType[])[ScalarType.Float64, ScalarType.Float32])
        {
            using var network = Examples.Build(description, type);
            network.eval();
            var naive = new NaiveNetwork(network, ScalarType.Float64);
            var images = Examples.Images(description, 3, type);
            var statistics = network.named_buffers().Select(named => named.buffer.clone()).ToArray();

            Compare.Close(naive.Features(images), network.Features(images), type == ScalarType.Float64 ? 1e-10 : 1e-3, $"features in {type}");

            Assert.All(network.named_buffers().Zip(statistics), pair => Assert.True(pair.First.buffer.eq(pair.Second).all().item<bool>()));
        }
    }

    [Theory]
    [InlineData("cells")]
    [InlineData("birealnet18")]
    [InlineData("reactnet_a")]
    public void Features_Evaluation_DoNotDependOnTheBatch(string architecture)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture);
        using var network = Examples.Build(description, ScalarType.Float32);
        network.eval();
        network.DropPath = 0.5;
        var images = Examples.Images(description, 4);

        var together = network.Features(images);

        for (var i = 0; i < 4; i++)
        {
            Compare.Close(together.narrow(0, i, 1).to(ScalarType.Float64), network.Features(images.narrow(0, i, 1)), 1e-5, $"features of image {i}");
        }
    }

    [Theory]
    [InlineData("cells")]
    [InlineData("birealnet18")]
    [InlineData("reactnet_a")]
    public void Gradient_OfARealNetwork_EqualsFiniteDifferences(string architecture)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture) with { Scheme = BinarizationScheme.None };
        using var network = Examples.Build(description, ScalarType.Float64);
        var images = Examples.Images(description, 6, ScalarType.Float64);
        var parameters = network.named_parameters().ToArray();
        Tensor Loss() => (network.Features(images).pow(2) * arange(network.FeatureCount, ScalarType.Float64)).mean();
        var gradients = Autograd.Grad([Loss()], [.. parameters.Select(named => named.parameter)]);
        using var _ = no_grad();
        for (var i = 0; i < parameters.Length; i += 7)
        {
            var parameter = parameters[i].parameter;
            var direction = randn_like(parameter);
            const double step = 1e-8;
            parameter.add_(direction * step);
            var above = Loss().ToDouble();
            parameter.sub_(direction * (2 * step));
            var below = Loss().ToDouble();
            parameter.add_(direction * step);
            var expected = (above - below) / (2 * step);
            var actual = (gradients[i] * direction).sum().ToDouble();
            Assert.True(Math.Abs(expected - actual) <= 2e-4 * Math.Max(1, Math.Abs(expected)), $"{parameters[i].name}: finite differences {expected:g8}, gradient {actual:g8}");
        }
    }

    [Theory]
    [InlineData("cells", StemKind.Cifar, 16, 16, "24x1 48x2 96x4")]
    [InlineData("cells", StemKind.Cifar, 19, 23, "24x1 48x2 96x4")]
    [InlineData("cells", StemKind.ImageNet, 64, 64, "24x8 48x16 96x32")]
    [InlineData("cells", StemKind.ImageNet, 50, 75, "24x8 48x16 96x32")]
    [InlineData("cells", StemKind.Half, 28, 28, "24x2 48x4 96x8")]
    [InlineData("birealnet18", StemKind.Half, 28, 28, "4x2 8x4 16x8 32x16")]
    [InlineData("reactnet_a", StemKind.Half, 32, 32, "8x2 16x4 32x8 64x16 128x32")]
    [InlineData("birealnet18", StemKind.Cifar, 32, 32, "4x1 8x2 16x4 32x8")]
    [InlineData("birealnet20", StemKind.Half, 32, 32, "4x2 8x4 16x8")]
    [InlineData("birealnet18", StemKind.ImageNet, 50, 75, "4x4 8x8 16x16 32x32")]
    [InlineData("reactnet_a", StemKind.Cifar, 32, 32, "8x1 16x2 32x4 64x8 128x16")]
    [InlineData("reactnet_a", StemKind.ImageNet, 50, 75, "8x2 16x4 32x8 64x16 128x32")]
    public void Run_OfABatch_GivesOneMapPerStage(string architecture, StemKind stem, int height, int width, string stages)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture, stem) with { ImageHeight = height, ImageWidth = width };
        using var network = NetworkCatalog.Create(description);

        var output = network.Run(Examples.Images(description, 2));

        Assert.Equal(stages, string.Join(' ', network.Stages.Select(stage => $"{stage.Channels}x{stage.Stride}")));
        Assert.Equal(
            network.Stages.Select(stage => $"2 {stage.Channels} {Size(height, stage.Stride)} {Size(width, stage.Stride)}"),
            output.Stages.Select(map => string.Join(' ', map.shape)));
        Assert.Equal([2, network.FeatureCount], network.Features(Examples.Images(description, 2)).shape);
        Assert.Equal(architecture == "cells", output.Auxiliary is not null);
        if (output.Auxiliary is { } map)
        {
            Assert.Equal([2, network.AuxiliaryStage!.Channels, Size(height, network.AuxiliaryStage.Stride), Size(width, network.AuxiliaryStage.Stride)], map.shape);
        }

        network.eval();
        Assert.Null(network.Run(Examples.Images(description, 2)).Auxiliary);

        static long Size(int pixels, int stride) => (pixels + stride - 1) / stride;
    }

    [Fact]
    public void Run_OfTheWrongChannels_SaysWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkCatalog.Create(Examples.Of("cells"));

        var error = Assert.Throws<ShapeException>(() => network.Run(zeros(2, 1, 16, 16)));

        Assert.StartsWith("network input must have shape [*, 3, *, *], got [2, 1, 16, 16].", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DropPath_OutOfRange_SaysSo()
    {
        using var network = NetworkCatalog.Create(Examples.Of("cells"));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => network.DropPath = 1);

        Assert.StartsWith("drop path must be at least 0 and below 1, got 1.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cells")]
    [InlineData("birealnet18")]
    [InlineData("reactnet_a")]
    public void State_OfStep1_FitsStep2ButForTheScales(string architecture)
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of(architecture);
        using var first = Examples.Build(description with { RealWeights = true }, ScalarType.Float32);
        using var second = Examples.Build(description, ScalarType.Float32, seed: 6);

        Assert.Equal(Names(first), Names(second).Where(name => !name.EndsWith(".rho", StringComparison.Ordinal)));
        Assert.Empty(first.BinaryLayers);
        Assert.Equal(second.Convolutions.Count, second.BinaryLayers.Count);
        Assert.Equal(second.BinaryLayers.Count, Names(second).Count(name => name.EndsWith(".rho", StringComparison.Ordinal)));

        second.load_state_dict(first.state_dict(), strict: false);
        second.OnWeightsInherited();

        Assert.All(first.Convolutions.Zip(second.BinaryLayers), pair =>
        {
            Assert.True(pair.First.Weight.eq(pair.Second.Weight).all().item<bool>());
            var scale = ((BinaryConvolution)pair.Second).Beta().flatten();
            Compare.Close(pair.First.Weight.abs().mean([1, 2, 3]).to(ScalarType.Float64), scale, 1e-6, "scale");
        });

        static IEnumerable<string> Names(Backbone network) =>
            network.named_parameters().Select(named => named.name).Concat(network.named_buffers().Select(named => named.name)).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(ScaleKind.Learnable)]
    [InlineData(ScaleKind.MeanAbs)]
    public void ReconstructionError_IsTheSumOverAllOneBitLayers(ScaleKind scale)
    {
        using var scope = NewDisposeScope();
        using var network = Examples.Build(Examples.Of("cells") with { Scale = scale }, ScalarType.Float64);
        var expected = 0.0;
        foreach (var (name, weight) in network.named_parameters().Where(named => named.parameter.dim() == 4 && !named.name.StartsWith("stem", StringComparison.Ordinal) && named.name.EndsWith("weight", StringComparison.Ordinal)))
        {
            var rho = network.named_parameters().FirstOrDefault(named => named.name == name.Replace("weight", "rho", StringComparison.Ordinal)).parameter;
            var beta = rho is null ? weight.abs().mean([1, 2, 3], keepdim: true) : (1 + rho.exp()).log();
            expected += (weight - (beta * weight.sign())).square().sum().ToDouble();
        }

        Assert.Equal(expected, network.ReconstructionError().ToDouble(), 1e-9 * expected);
        using var twin = Examples.Build(Examples.Of("cells") with { Scheme = BinarizationScheme.None }, ScalarType.Float64);
        Assert.Equal(0, twin.ReconstructionError().ToDouble());
        Assert.Empty(twin.BinaryLayers);
    }

    [Fact]
    public void Normalizations_WithMomentumOneByK_AreTheMeanOverTheBatches()
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of("cells");
        using var network = Examples.Build(description, ScalarType.Float32);
        var batches = Enumerable.Range(1, 3).Select(k => Examples.Images(description, 4) * k).ToArray();
        var stem = network.named_parameters().First(named => named.name == "stem.0.convolution.weight").parameter;
        Assert.Equal(network.named_buffers().Count(), 2 * network.Normalizations.Count);
        for (var k = 0; k < batches.Length; k++)
        {
            foreach (var norm in network.Normalizations)
            {
                norm.Momentum = 1.0 / (k + 1);
            }

            network.Features(batches[k]);
        }

        var expected = batches.Select(batch => nn.functional.conv2d(batch, stem, padding: [1, 1]).mean([0, 2, 3])).Aggregate((a, b) => a + b) / 3;
        Compare.Close(expected.to(ScalarType.Float64), network.named_buffers().First(named => named.name == "stem.0.norm.running_mean").buffer, 1e-5, "running mean");
    }

    [Fact]
    public void Run_TwoHundredSteps_KeepsMemoryFlat()
    {
        using var scope = NewDisposeScope();
        var description = Examples.Of("cells");
        using var network = Examples.Build(description, ScalarType.Float32);
        network.DropPath = 0.2;
        var images = Examples.Images(description, 4);
        Steps(100);
        var tensors = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var before = Memory.ResidentMegabytes();
        Steps(100);

        Assert.Equal(tensors, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        // A leak of the maps of one image a step would add more than 100 MB.
        Assert.InRange(Memory.ResidentMegabytes() - before, -1000, 40);

        void Steps(int count)
        {
            for (var step = 0; step < count; step++)
            {
                using (NewDisposeScope())
                {
                    var output = network.Run(images);
                    Autograd.Backward(Backbone.Pool(output).sum() + network.ReconstructionError());
                }

                network.zero_grad();
                if (step % 50 == 49)
                {
                    FinalizerGate.SafePoint();
                }
            }
        }
    }

    private static NetworkDescription Large(NetworkDescription description) => description with { Stem = StemKind.ImageNet, ImageHeight = 50, ImageWidth = 75 };

    private static void CompareWithNaive(NetworkDescription description, ScalarType type, int count, double tolerance)
    {
        using var scope = NewDisposeScope();
        // The values that a maximum chooses from are few where weights and activations are 1-bit: rounding decides which of equal ones has the gradient.
        description = description is { Genotype: { } genotype, Scheme: BinarizationScheme.Paper, RealWeights: false }
            ? description with { Genotype = Genotype.Parse(genotype.ToString().Replace("max", "avg", StringComparison.Ordinal)) }
            : description;
        using var network = Examples.Build(description, type);
        var naive = new NaiveNetwork(network, ScalarType.Float64);
        var images = Examples.Images(description, count, type);

        var actual = network.Features(images);
        var expected = naive.Features(images);

        Compare.Close(expected, actual, tolerance, "features");
        var parameters = network.named_parameters().ToArray();
        var direction = linspace(-1, 2, expected.numel(), ScalarType.Float64).view(expected.shape);
        var gradients = Autograd.Grad([(actual * direction.to(type)).sum()], [.. parameters.Select(named => named.parameter)]);
        var expectedGradients = Autograd.Grad([(expected * direction).sum()], [.. parameters.Select(named => naive.State[named.name])]);
        for (var i = 0; i < parameters.Length; i++)
        {
            Compare.Close(expectedGradients[i], gradients[i], tolerance, $"gradient to {parameters[i].name}");
        }

        foreach (var (name, buffer) in network.named_buffers())
        {
            Compare.Close(naive.State[name], buffer, tolerance, name);
        }
    }
}
