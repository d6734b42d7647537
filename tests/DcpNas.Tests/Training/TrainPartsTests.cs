using DcpNas.Native;
using DcpNas.Networks;
using DcpNas.SearchSpace;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Tests.Networks;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Training;

/// <summary>Schedules, average, optimiser and statistics against naive computations.</summary>
public class TrainPartsTests
{
    public TrainPartsTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    [Fact]
    public void Rate_OfEachSchedule_FallsFromStartToEndAfterTheWarmUp()
    {
        var cosine = new TrainOptions { Rate = 1, RateEnd = 0.2, WarmupEpochs = 2 };
        double[] expected = [0.25, 0.5, 0.75, 1, 1, 0.8828427, 0.6, 0.3171573, 0.2];
        Assert.All(expected.Select((value, step) => (value, step)), at => Assert.Equal(at.value, RateSchedule.Rate(cosine, at.step, 9, 2), 6));
        var linear = cosine with { Schedule = ScheduleKind.Linear, WarmupEpochs = 0 };
        Assert.Equal([1, 0.8, 0.6, 0.4, 0.2], Enumerable.Range(0, 5).Select(step => Math.Round(RateSchedule.Rate(linear, step, 5, 2), 12)));
        Assert.Equal(1, RateSchedule.Rate(linear, 0, 1, 1));
        Assert.Equal([0, 0.15, 0.3], Enumerable.Range(0, 3).Select(step => Math.Round(RateSchedule.DropPath(new TrainOptions { DropPath = 0.3 }, step, 3), 12)));
    }

    [Fact]
    public void Update_OfTheAverage_IsTheRecursionWrittenOut()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = nn.Linear(3, 2);
        using var average = nn.Linear(3, 2);
        WeightAverage.Copy(average, network);
        var expected = network.weight!.detach().to(ScalarType.Float64).clone();
        for (var step = 1; step <= 40; step++)
        {
            using (no_grad())
            {
                network.weight!.add_(0.1 * step);
            }

            WeightAverage.Update(average, network, 0.7, step);
            var share = Math.Min(0.7, (1.0 + step) / (10 + step));
            expected = (expected * share) + (network.weight!.detach().to(ScalarType.Float64) * (1 - share));
        }

        Assert.True((average.weight!.detach().to(ScalarType.Float64) - expected).abs().max().item<double>() < 1e-4);
    }

    [Fact]
    public void Update_OfTheAverageOfANetwork_MovesEachTensorOnce()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = NetworkCatalog.Create(Examples.Of(NetworkNames.Cells));
        using var average = NetworkCatalog.Create(Examples.Of(NetworkNames.Cells));
        WeightAverage.Copy(average, network);
        using (no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.add_(1);
            }
        }

        const double Share = 0.25;
        WeightAverage.Update(average, network, Share, 1000);
        foreach (var (name, value) in average.named_parameters())
        {
            var behind = (network.get_parameter(name)! - value).mean().item<float>();
            Assert.True(Math.Abs(behind - Share) < 1e-5, $"{name} is {behind} behind.");
        }
    }

    [Theory]
    [InlineData(OptimizerKind.Adamw)]
    [InlineData(OptimizerKind.Sgd)]
    public void Step_OnAccumulatedBatches_EqualsTheStepOnTheBigOne(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (images, labels) = (randn(12, 5, dtype: ScalarType.Float64), randint(0, 3, 12));
        using var whole = nn.Linear(5, 3, dtype: ScalarType.Float64);
        using var parts = nn.Linear(5, 3, dtype: ScalarType.Float64);
        WeightAverage.Copy(parts, whole);
        var options = new TrainOptions { Optimizer = kind, Rate = 0.1, GradientClip = 0.5 };
        using var first = new WeightOptimizer(whole, options, 0.01);
        using var second = new WeightOptimizer(parts, options, 0.01);
        for (var step = 0; step < 3; step++)
        {
            first.Begin();
            Autograd.Backward(nn.functional.cross_entropy(whole.call(images), labels));
            var norm = first.Step(0.1);
            second.Begin();
            for (var part = 0; part < 3; part++)
            {
                Autograd.Backward(nn.functional.cross_entropy(parts.call(images.narrow(0, 4 * part, 4)), labels.narrow(0, 4 * part, 4)) * (8.0 / 3));
            }

            Assert.Equal(norm, second.Step(0.1, lossScale: 8), 12);
        }

        Assert.True((whole.weight! - parts.weight!).abs().max().item<double>() < 1e-12);
    }

    [Fact]
    public void Step_OnAGradientThatIsNotFinite_StepsNothing()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(2, 1);
        var before = network.weight!.detach().clone();
        using var optimizer = new WeightOptimizer(network, new TrainOptions(), 0);
        optimizer.Begin();
        Autograd.Backward(network.call(full(1, 2, float.PositiveInfinity)).sum());
        Assert.False(double.IsFinite(optimizer.Step(0.1)));
        Assert.True(network.weight!.detach().eq(before).all().item<bool>());
    }

    [Fact]
    public void Reestimation_ChangesStatisticsOnlyAndGivesThePlainMeanOfTheImages()
    {
        using var scope = NewDisposeScope();
        using var setup = TrainFixture.Tiny.Prepare(SmallImages.Pair());
        manual_seed(5);
        using var network = TaskNetwork.Create(setup.Network, setup.Task);
        network.eval();
        var before = network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        StatisticsReestimation.Run(network, setup.Data.Calibration(40));
        Assert.False(network.training);
        var after = network.state_dict();
        var statistics = after.Keys.Where(name => name.Contains("running_", StringComparison.Ordinal)).ToList();
        Assert.All(after.Keys.Except(statistics), name => Assert.True(after[name].eq(before[name]).all().item<bool>(), $"{name} changed."));
        Assert.All(statistics, name => Assert.False(after[name].eq(before[name]).all().item<bool>(), $"{name} was not measured."));

        // The first normalisation follows the stem's convolution: its statistics can be computed by hand.
        var stem = after.First(pair => pair.Key.StartsWith("backbone.stem.", StringComparison.Ordinal) && pair.Value.dim() == 4).Value;
        var mean = after[statistics.First(name => name.StartsWith("backbone.stem.", StringComparison.Ordinal) && name.EndsWith("running_mean", StringComparison.Ordinal))];
        var images = setup.Data.Calibration(40).Select(batch => batch.Images).ToList();
        var expected = nn.functional.conv2d(cat(images, 0), stem, padding: [1, 1]).mean([0, 2, 3]);
        Assert.True((expected - mean).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void Problems_OfBadValues_AreOneSentenceEach()
    {
        Assert.Empty(TrainFixture.Tiny.Problems());
        var options = TrainFixture.Tiny with { Genotype = null, Epochs = 0, BatchSize = 1, Rate = 0, ValidationShare = 0.6, EmaDecay = 1, GradientClip = 0, Accumulate = 0, Mu = -1, LabelSmoothing = 1 };
        Assert.Equal(
            [
                "validation_share must be above 0 and at most 0.5, got 0.6.",
                "epochs must be at least 1, got 0.",
                "batch_size must be at least 2 (batch normalisation), got 1.",
                "accumulate must be at least 1, got 0.",
                "gradient_clip must be above 0, got 0.",
                "ema_decay must be in [0, 1), got 1.",
                "mu must be at least 0, got -1.",
                "genotype must be given for the architecture cells: a file, a preset or the text form.",
                "rate must be above 0 and not below rate_end, got 0 and 1E-05.",
                "label_smoothing must be in [0, 1), got 1.",
            ],
            options.Problems());
        Assert.Equal(["teacher must not be full_precision with scheme none: the network is that counterpart itself."],
            (TrainFixture.Tiny with { Scheme = DcpNas.Binarization.BinarizationScheme.None, Teacher = "full_precision" }).Problems());
    }

    [Fact]
    public void Prepare_WithAGenotypeFile_TakesItsSizeWhereNoOptionSaysOtherwise()
    {
        using var folder = TrainFixture.Folder();
        var path = folder["genotype.json"];
        (Genotype.FindPreset("DDPNAS_MCN_2")! with { Size = new GenotypeSize(Channels: 6, Cells: 2) }).Save(path);
        var options = TrainFixture.Tiny with { Genotype = path, Cells = null, Channels = null };
        Assert.Equal((6, 2, 6, 2), Sizes(options));
        Assert.Equal((4, 3, 4, 3), Sizes(options with { Channels = 4, Cells = 3 }));
        Assert.Equal((null, 20, 36, 20), Sizes(options with { Genotype = "DDPNAS_MCN_2" }));

        static (int? Channels, int? Cells, int NetworkChannels, int NetworkCells) Sizes(TrainOptions options)
        {
            using var setup = options.Prepare(SmallImages.Pair());
            return (setup.Options.Channels, setup.Options.Cells, setup.Network.Channels, setup.Network.Cells);
        }
    }

    [Fact]
    public void Prepare_OfBadInput_SaysWhatToDo()
    {
        Assert.Equal("precision must be fp32 on the CPU, where shorter types are slower and were seen to end in NaN. Use --precision fp32, or a GPU with --device cuda.", Fault(TrainFixture.Tiny with { Precision = MixedPrecision.Bf16 }));
        Assert.Contains("batch_size must not exceed the 48 images to learn from, got 64.", Fault(TrainFixture.Tiny with { BatchSize = 64 }), StringComparison.Ordinal);
        Assert.Contains("accumulate must not exceed the 3 batches of an epoch, got 5.", Fault(TrainFixture.Tiny with { Accumulate = 5 }), StringComparison.Ordinal);
        Assert.Contains("cutout must be from 0 to 32", Fault(TrainFixture.Tiny with { Cutout = 99 }), StringComparison.Ordinal);
        Assert.Contains("Unknown genotype 'nobody'", Fault(TrainFixture.Tiny with { Genotype = "nobody" }), StringComparison.Ordinal);
        Assert.Contains("The auxiliary head needs a map of 8 x 8 pixels, but images of 16 x 16 leave 4.", Fault(TrainFixture.Tiny with { Auxiliary = true, Cells = 3 }), StringComparison.Ordinal);
        Assert.Contains("/nowhere", Fault(TrainFixture.Tiny with { Teacher = "/nowhere" }), StringComparison.Ordinal);

        static string Fault(TrainOptions options) => Assert.ThrowsAny<InputException>(() => options.Prepare(SmallImages.Pair()).Dispose()).Message;
    }

    [Fact]
    public void Problems_WarmUpAsLongAsAStep_IsRefused()
    {
        Assert.Equal("warmup_epochs must be less than the 2 epochs of the shortest step, got 9.", Assert.Single((TrainFixture.Tiny with { Epochs = 3, Step1Epochs = 2, WarmupEpochs = 9 }).Problems()));
        Assert.Empty((TrainFixture.Tiny with { Epochs = 3, Step1Epochs = 2, TwoStep = false, WarmupEpochs = 2 }).Problems());
    }

    [Fact]
    public void FromJson_ANameJoinedOtherwise_IsTheSame()
    {
        Assert.Equal(DcpNas.Cost.StemKind.ImageNet, TrainOptions.FromJson("""{ "stem": "imagenet" }""", "x").Stem);
    }

    [Fact]
    public void FromJson_UnknownKey_NamesTheNearest()
    {
        var error = Assert.Throws<OptionsException>(() => TrainOptions.FromJson("""{ "epoch": 3, "optimizer": "adam" }""", "a.json"));
        Assert.StartsWith("unknown key 'epoch'. Did you mean 'epochs'?", error.Problems[0], StringComparison.Ordinal);
        Assert.Equal("optimizer must be one of adamw, sgd, got \"adam\".", error.Problems[1]);
        Assert.Equal(TrainFixture.Tiny, TrainOptions.FromJson(TrainFixture.Tiny.ToJson().ToJsonString(), "x"));
    }
}
