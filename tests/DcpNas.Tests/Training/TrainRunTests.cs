using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Runs;
using DcpNas.Tasks;
using DcpNas.Tasks.Classification;
using DcpNas.Training;
using static TorchSharp.torch;

namespace DcpNas.Tests.Training;

/// <summary>Whole trainings: stages, resume, faults, transfer.</summary>
public class TrainRunTests
{
    [Fact]
    public void Execute_WithAFullPrecisionTeacher_TrainsThreeStagesAndLeavesEverything()
    {
        using var folder = TrainFixture.Folder();
        var run = new TrainFixture();
        var outcome = run.Run(folder.Path, TrainFixture.Tiny with { Teacher = TrainOptions.FullPrecision, Mu = 1e-4, Accumulate = 2, BatchSize = 8 });

        Assert.Equal(["teacher", "teacher", "step1", "step1", "final", "final"], run.Epochs.Select(epoch => epoch.Stage.Name));
        Assert.Equal([3, 3], run.Steps.GroupBy(step => step.Epoch).Take(2).Select(epoch => epoch.Count()));
        Assert.All(run.Steps, step => Assert.Equal(16, step.Images));
        foreach (var file in (string[])[RunFiles.BestModel, RunFiles.LastModel, RunFiles.Step1Model, RunFiles.TeacherModel, RunFiles.Checkpoint, RunFiles.Results, RunFiles.Samples, RunFiles.Cost, RunFiles.Report, RunFiles.Genotype])
        {
            Assert.True(File.Exists(Path.Combine(folder.Path, file)), $"{file} is missing.");
        }

        var results = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, RunFiles.Results)))!;
        Assert.Equal(("small stripes", 48, 12, 12, 4, "paper"), (results["dataset"]!.GetValue<string>(), results["images"]!["train"]!.GetValue<int>(),
            results["images"]!["validation"]!.GetValue<int>(), results["images"]!["test"]!.GetValue<int>(), results["seed"]!.GetValue<int>(), results["scheme"]!.GetValue<string>()));
        Assert.Equal(outcome.Test["top1"], results["test"]!["top1"]!.GetValue<double>());
        Assert.Contains("data:image/png;base64,", File.ReadAllText(Path.Combine(folder.Path, RunFiles.Report)), StringComparison.Ordinal);

        using var model = TrainedModel.Load(folder.Path);
        Assert.Equal((BinarizationScheme.Paper, false, 16, "small stripes"), (model.Info.Network.Scheme, model.Info.Network.RealWeights, model.Info.Preprocessing.Height, model.Info.Dataset));
        using var step1 = TrainedModel.Load(Path.Combine(folder.Path, RunFiles.Step1Model));
        Assert.True(step1.Info.Network.RealWeights);
        using var resumable = TrainedModel.Load(Path.Combine(folder.Path, RunFiles.Checkpoint));
        Assert.Equal(model.Info.ClassNames, resumable.Info.ClassNames);
    }

    [Fact]
    public void HandOver_FromStep1_GivesSignsScaledByTheMeanAndTheSameEverythingElse()
    {
        using var folder = TrainFixture.Folder();
        var options = TrainFixture.Tiny with { Epochs = 1, EmaDecay = 0 };
        new TrainFixture().Run(folder.Path, options);
        using var setup = options.Prepare(SmallImages.Pair());
        var path = Path.Combine(folder.Path, RunFiles.Step1Model);
        using var step1 = TrainedModel.Load(path);
        using var step2 = TaskNetwork.Create(setup.Network, setup.Task);
        WeightTransfer.HandOver(path, step2);

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Assert.Empty(step1.Network.Backbone.BinaryLayers);
        Assert.Equal(step2.Backbone.Convolutions.Count, step2.Backbone.BinaryLayers.Count);
        foreach (var layer in step2.Backbone.BinaryLayers)
        {
            var mean = layer.Weight.abs().mean([1, 2, 3], keepdim: true);
            var signs = layer.EffectiveWeight() / mean;
            Assert.True((signs.abs() - 1).abs().max().item<float>() < 1e-4, "An effective weight is not +-mean|w|.");
            Assert.True(signs.sign().eq(layer.Weight.ge(0).to(ScalarType.Float32).mul(2).sub(1)).all().item<bool>());
        }

        var before = step1.Network.state_dict();
        foreach (var (name, value) in step2.state_dict().Where(pair => !pair.Key.EndsWith(".rho", StringComparison.Ordinal)))
        {
            Assert.True(value.eq(before[name]).all().item<bool>(), $"{name} changed on the way.");
        }

        Assert.Contains(step2.state_dict().Keys, name => name.Contains("stem", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 60)]
    [InlineData(7, 0)]
    [InlineData(10, 60)]
    public void Execute_KilledAndResumed_RepeatsAnUninterruptedRunBitForBit(long killAt, double checkpointMinutes)
    {
        using var whole = TrainFixture.Folder();
        using var torn = TrainFixture.Folder();
        new TrainFixture().Run(whole.Path);
        var options = TrainFixture.Tiny with { CheckpointMinutes = checkpointMinutes };
        Assert.Throws<KilledInTrainingException>(() => new TrainFixture { KillAtStep = killAt }.Run(torn.Path, options));
        var second = new TrainFixture();
        second.Run(torn.Path, options);

        Assert.Equal(checkpointMinutes == 0 ? killAt : killAt / 3 * 3, second.Steps[0].GlobalStep);
        foreach (var file in (string[])[RunFiles.Step1Model, RunFiles.BestModel, RunFiles.LastModel, RunFiles.Checkpoint])
        {
            Assert.Equal(TrainFixture.Digest(whole.Path, file), TrainFixture.Digest(torn.Path, file));
        }

        Assert.Equal(TrainFixture.Metrics(whole.Path), TrainFixture.Metrics(torn.Path).Where(line => !line.Contains("\"resume\"", StringComparison.Ordinal)));
        Assert.Equal(File.ReadAllText(Path.Combine(whole.Path, RunFiles.Results)), File.ReadAllText(Path.Combine(torn.Path, RunFiles.Results)));
    }

    [Fact]
    public void Execute_WithTiesOnValidation_KeepsTheEpochOfTheSmallestLoss()
    {
        using var folder = TrainFixture.Folder();
        var run = new TrainFixture();
        run.Run(folder.Path, TrainFixture.Tiny with { Epochs = 8, Step1Epochs = 1, ReestimateImages = 0 });
        var epochs = run.Epochs.Where(epoch => epoch.Stage.IsLast).ToList();
        var most = epochs.Max(epoch => epoch.Validation["top1"]);
        Assert.True(epochs.Count(epoch => epoch.Validation["top1"] == most) > 1, "There is no tie to break.");

        using var best = TrainedModel.Load(folder.Path);
        Assert.Equal(
            epochs.Where(epoch => epoch.Validation["top1"] == most).MinBy(epoch => epoch.Validation["loss"])!.Epoch, best.Training["epoch"]!.GetValue<int>());
    }

    [Fact]
    public void Execute_Cancelled_WritesACheckpointAtThatStep()
    {
        using var folder = TrainFixture.Folder();
        using var cancel = new CancellationTokenSource();
        var first = new TrainFixture { AtStep = step => CancelAt(step, 3, cancel) };
        Assert.ThrowsAny<OperationCanceledException>(() => first.RunUntil(folder.Path, null, null, cancel.Token));
        var second = new TrainFixture();
        second.Run(folder.Path);
        Assert.Equal(4, second.Steps[0].GlobalStep);
        Assert.Equal("resume", second.Events[0]);
    }

    [Fact]
    public void Execute_WithNotANumberAtOnce_SaysThatThereIsNoCheckpoint()
    {
        using var folder = TrainFixture.Folder();
        var options = TrainFixture.Tiny with { Rate = 1e38, RateEnd = 1e38, GradientClip = null, Optimizer = OptimizerKind.Sgd, Scheme = BinarizationScheme.None, EmaDecay = 0, CheckpointMinutes = 60 };
        var error = Assert.Throws<DivergedException>(() => new TrainFixture().Run(folder.Path, options));
        Assert.EndsWith("(stage final). There is no checkpoint yet: start a new run with a lower rate, a smaller gradient_clip or more warmup_epochs.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another checkpoint", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, RunFiles.Checkpoint)));
    }

    [Fact]
    public void Execute_WithNotANumber_StopsAndLeavesTheCheckpoint()
    {
        using var folder = TrainFixture.Folder();
        var options = TrainFixture.Tiny with { Rate = 1e38, RateEnd = 1e38, GradientClip = null, Optimizer = OptimizerKind.Sgd, Epochs = 6, Scheme = BinarizationScheme.None, EmaDecay = 0, CheckpointMinutes = 0 };
        var error = Assert.Throws<DivergedException>(() => new TrainFixture().Run(folder.Path, options));
        Assert.Contains("(stage final). The last checkpoint is still good: start a new run with a lower rate, a smaller gradient_clip or more warmup_epochs.", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.Path, RunFiles.Report)));
        using var checkpoint = Checkpoint.Load(Path.Combine(folder.Path, RunFiles.Checkpoint));
        Assert.NotEmpty(checkpoint.Tensors);
    }

    [Fact]
    public void Execute_OneHundredAndTwentySteps_KeepsMemoryFlat()
    {
        using var folder = TrainFixture.Folder();
        var seen = new Dictionary<long, (double Megabytes, long Tensors)>();
        var run = new TrainFixture
        {
            AtStep = step =>
            {
                if (step.GlobalStep is 59 or 119)
                {
                    seen[step.GlobalStep] = (ProcessMemory.CurrentMegabytes(), TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                }
            },
        };
        run.Run(folder.Path, TrainFixture.Tiny with { Epochs = 20, TwoStep = false, BatchSize = 8, ReestimateImages = 0 });
        Assert.Equal(seen[59].Tensors, seen[119].Tensors);
        Assert.True(seen[119].Megabytes - seen[59].Megabytes < 40, $"memory grew from {seen[59].Megabytes:f0} to {seen[119].Megabytes:f0} MB over 60 steps");
    }

    [Fact]
    public void Execute_FromABackbone_StartsFromItsWeightsWithOtherClassesAndSize()
    {
        using var first = TrainFixture.Folder();
        using var second = TrainFixture.Folder();
        new TrainFixture().Run(first.Path, TrainFixture.Tiny with { Epochs = 1, TwoStep = false });
        var other = SmallImages.Pair(60, 20, ["rows", "columns"]);
        var options = TrainFixture.Tiny with { Epochs = 1, TwoStep = false, Backbone = first.Path };
        new TrainFixture().Run(second.Path, options, other);

        using var source = TrainedModel.Load(first.Path);
        using var setup = options.Prepare(other);
        using var target = TaskNetwork.Create(setup.Network, setup.Task);
        WeightTransfer.FromBackbone(first.Path, target);
        var before = source.Network.Backbone.state_dict();
        Assert.All(target.Backbone.state_dict(), pair => Assert.True(pair.Value.eq(before[pair.Key]).all().item<bool>(), $"{pair.Key} differs."));

        var error = Assert.Throws<InputException>(() => (options with { Channels = 4, Genotype = "Tangent_1" }).Prepare(other));
        Assert.Contains("its backbone does not fit:\n  - genotype: normal: n2[max<-0, sep5<-1]", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  - channels: 2 there, 4 here\nUse the same values, or start without --backbone.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Execute_ResumedWithAnotherTeacherOrBackbone_IsRefused(bool isTeacher)
    {
        using var first = TrainFixture.Folder();
        using var second = TrainFixture.Folder();
        new TrainFixture().Run(first.Path, TrainFixture.Tiny with { Epochs = 1 });
        var source = first["source.safetensors"];
        File.Copy(first[RunFiles.BestModel], source);
        var options = TrainFixture.Tiny with { Epochs = 1, TwoStep = false, CheckpointMinutes = 0, Teacher = isTeacher ? source : null, Backbone = isTeacher ? null : source };
        Assert.Throws<KilledInTrainingException>(() => new TrainFixture { KillAtStep = 1 }.Run(second.Path, options));
        File.Copy(first[RunFiles.Step1Model], source, overwrite: true);

        var error = Assert.Throws<InputException>(() => new TrainFixture().Run(second.Path, options));

        Assert.Matches($"^{second[RunFiles.Checkpoint]}: at {(isTeacher ? "teacher" : "backbone")}_sha256, expected '[0-9a-f]{{64}}' but found '[0-9a-f]{{64}}'\\. ", error.Message);
        Assert.EndsWith($"{source} is not the file that the run began with: restore it, or start a new run folder.", error.Message, StringComparison.Ordinal);
        File.Copy(first[RunFiles.BestModel], source, overwrite: true);
        Assert.Equal(1, new TrainFixture().Run(second.Path, options).Results["epochs"]!["final"]!.GetValue<int>());
    }

    [Fact]
    public void Execute_ResumedFromADamagedCheckpoint_GoesOnFromTheOneBeforeWithAWarning()
    {
        using var folder = TrainFixture.Folder();
        var options = TrainFixture.Tiny with { Epochs = 1, CheckpointMinutes = 0 };
        Assert.Throws<KilledInTrainingException>(() => new TrainFixture { KillAtStep = 2 }.Run(folder.Path, options));
        var bytes = File.ReadAllBytes(folder[RunFiles.Checkpoint]);
        bytes[^1] ^= 1;
        File.WriteAllBytes(folder[RunFiles.Checkpoint], bytes);

        var (warnings, second) = (new List<string>(), new TrainFixture());
        using var setup = options.Prepare(SmallImages.Pair());
        TrainRun.Execute(setup, folder.Path, "train", second, warnings.Add, CancellationToken.None);

        Assert.Equal(1, second.Steps[0].GlobalStep);
        Assert.Contains($" Going on from {folder["checkpoint.previous.safetensors"]}, written ", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfWhatIsNoModel_SaysSo()
    {
        using var folder = TrainFixture.Folder();
        Assert.Contains("best.safetensors, expected the best model of a training but found no such file", Assert.Throws<InputException>(() => TrainedModel.Load(folder.Path)).Message, StringComparison.Ordinal);
        var path = Path.Combine(folder.Path, "x.safetensors");
        using (var checkpoint = new Checkpoint([]))
        {
            checkpoint.Add("a", (byte[])[1]);
            checkpoint.Save(path);
        }

        Assert.Equal($"{path}: at metadata 'state', model, expected a trained network but found none. Use a checkpoint that dcpnas train wrote; those of a search hold no final network.",
            Assert.Throws<InputException>(() => TrainedModel.Load(path)).Message);
    }

    [Fact]
    public void ThrowIf_OtherClasses_NamesBoth()
    {
        using var folder = TrainFixture.Folder();
        new TrainFixture().Run(folder.Path, TrainFixture.Tiny with { Epochs = 1, TwoStep = false });
        using var model = TrainedModel.Load(folder.Path);
        model.ThrowIfNotClasses(["rows", "columns", "diagonals"], "stripes");
        Assert.Contains("class_names, expected the 2 classes of stripes but found 3 of small stripes", Assert.Throws<InputException>(() => model.ThrowIfNotClasses(["rows", "columns"], "stripes")).Message, StringComparison.Ordinal);
        Assert.Contains("class_names[1], expected 'cats' of pets but found 'columns' of small stripes", Assert.Throws<InputException>(() => model.ThrowIfNotClasses(["rows", "cats", "diagonals"], "pets")).Message, StringComparison.Ordinal);
        var teacher = Assert.Throws<InputException>(() => (TrainFixture.Tiny with { Teacher = folder.Path }).Prepare(SmallImages.Pair(60, 16, ["rows", "columns"])));
        Assert.Contains("expected the 2 classes of small stripes but found 3", teacher.Message, StringComparison.Ordinal);
    }

    private static void CancelAt(TrainStep step, long at, CancellationTokenSource source)
    {
        if (step.GlobalStep == at)
        {
            source.Cancel();
        }
    }
}
