using System.Collections.Concurrent;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using DcpNas.Tests.Runs;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>Whole searches: strategies, resume, memory, guard and budget.</summary>
public class SearchLoopTests
{
    public SearchLoopTests()
    {
        LibTorch.Load();
        set_num_threads(1);
    }

    private static readonly ConcurrentDictionary<string, (Genotype Genotype, string Digest, IReadOnlyList<string> Log)> Whole = new();

    /// <summary>Two epochs of the Parent, the first without alpha, and two of the Child, of three steps each.</summary>
    private static readonly SearchOptions Short = SearchFixture.Tiny with { Epochs = 4 };

    private static readonly SearchOptions SampledRestarts = SearchFixture.Tiny with
    {
        Cells = 1,
        Epochs = 2,
        WarmupShare = 0.5,
        Restarts = 3,
        WeightPaths = CandidatePaths.Sampled,
        Selection = GenotypeSelection.Sampled,
        SelectionScore = SelectionScore.Discrepancy,
        SelectionCandidates = 6,
        EvaluationImages = 3 * SearchFixture.Tiny.BatchSize,
    };

    /// <summary>Before the first checkpoint, in the first epoch with alpha, in the first step of the Child, in its last epoch.</summary>
    public static TheoryData<long> KillPoints() => [1, 4, 6, 10];

    [Theory]
    [MemberData(nameof(KillPoints))]
    public void Run_KilledAndResumed_RepeatsAnUninterruptedRunBitForBit(long killAt)
    {
        using var torn = new TemporaryFolder();
        var (expected, digest, log) = Uninterrupted(Short);

        int logged;
        using (var first = new SearchFixture(torn.Path, Short, checkpointEverySteps: 3) { KillAtStep = killAt })
        {
            Assert.Throws<KilledException>(() => first.Run());
        }

        using var second = new SearchFixture(torn.Path, Short, checkpointEverySteps: 3);
        logged = log.Count(line => !line.StartsWith("epoch", StringComparison.Ordinal) && long.Parse(line.Split(' ')[0]) < second.Progress.GlobalStep)
            + log.Count(line => line.StartsWith("epoch", StringComparison.Ordinal) && int.Parse(line.Split(' ')[1]) < second.Progress.Epoch);
        var actual = second.Run();

        Assert.Equal(killAt >= 3, second.IsResumed);
        Assert.Equal(expected, actual);
        Assert.Equal(digest, second.Digest());
        Assert.Equal(log.Skip(logged), second.Log);
    }

    [Fact]
    public void Run_OfSampledPathsKilledAndResumed_RepeatsAnUninterruptedRunBitForBit()
    {
        var options = Short with { WeightPaths = CandidatePaths.Sampled, AlphaInterval = 2, AlphaPaths = CandidatePaths.Sampled, Selection = GenotypeSelection.Sampled, SelectionScore = SelectionScore.Discrepancy, SelectionCandidates = 6, EdgeNormalization = true };
        using var torn = new TemporaryFolder();

        RunKilledAndWhole(options, killAt: 7, torn.Path);
    }

    [Theory]
    [InlineData(7)] // after a checkpoint just before fresh weights
    [InlineData(14)] // in the last search, with two alphas kept
    public void Run_WithRestartsKilledAndResumed_RepeatsAnUninterruptedRunBitForBit(long killAt)
    {
        var options = SearchFixture.Tiny with { Cells = 1, Epochs = 2, WarmupShare = 0.5, Restarts = 3, EdgeNormalization = true };
        using var torn = new TemporaryFolder();

        var (expected, digest) = RunKilledAndWhole(options, killAt, torn.Path);

        using var finished = new SearchFixture(torn.Path, options);
        Assert.Equal(expected, finished.Run()); // the alphas are added once
        Assert.Equal(digest, finished.Digest());
    }

    [Theory]
    [InlineData(7)] // after a checkpoint just before fresh weights
    [InlineData(14)] // in the last search, with two pairs of supernets kept
    public void Run_OfSampledPathsWithRestartsKilledAndResumed_RepeatsAnUninterruptedRunBitForBit(long killAt)
    {
        using var torn = new TemporaryFolder();

        var (expected, digest) = RunKilledAndWhole(SampledRestarts, killAt, torn.Path);

        using var finished = new SearchFixture(torn.Path, SampledRestarts);
        Assert.Equal(expected, finished.Run());
        Assert.Equal(digest, finished.Digest());
    }

    [Fact]
    public void Resume_OfACheckpointWithoutTheSupernetsOfAnEarlierRestart_SaysWhatIsMissing()
    {
        using var torn = new TemporaryFolder();
        using (var first = new SearchFixture(torn.Path, SampledRestarts with { Selection = GenotypeSelection.Argmax }, checkpointEverySteps: 3) { KillAtStep = 10 })
        {
            Assert.Throws<KilledException>(() => first.Run());
        }

        var error = Assert.Throws<InputException>(() => new SearchFixture(torn.Path, SampledRestarts, checkpointEverySteps: 3));

        Assert.Contains("at restart.0.parent, expected the supernets of an earlier restart, which score genotypes but found none", error.Message, StringComparison.Ordinal);
        Assert.Contains("search again in a new folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfSampledPathsWithRestarts_ScoresGenotypesWithTheSupernetsOfAllOfThem()
    {
        using var folder = new TemporaryFolder();
        var ends = new Dictionary<SearchPhase, List<Tensor>> { [SearchPhase.Parent] = [], [SearchPhase.Child] = [] };
        SearchFixture? running = null;
        using var search = running = new SearchFixture(folder.Path, SampledRestarts)
        {
            AtStep = step =>
            {
                if (step.Step == running!.Data.StepsPerEpoch - 1 && step.Epoch.Index % 2 == 1)
                {
                    foreach (var (phase, weights) in ends)
                    {
                        weights.Add(Stem(running.Networks.Of(phase).Network).clone());
                    }
                }
            },
        };

        search.Run();

        foreach (var (phase, weights) in ends)
        {
            var trained = search.Networks.Trained(phase);
            Assert.Equal(3, trained.Count);
            Assert.Same(search.Networks.Of(phase).Network, trained[^1]);
            Assert.All(trained.Zip(weights), pair => Assert.True(Stem(pair.First).equal(pair.Second).all().item<bool>()));
            Assert.False(Stem(trained[0]).equal(Stem(trained[1])).all().item<bool>());
        }

        var batches = search.Data.Evaluation().ToList();
        var genotype = Discretizer.Random(3);
        var scored = ScoredGenotype.Of(search.Networks, genotype, batches, SearchPhase.Child, SelectionScore.Discrepancy);
        Assert.Equal(SharedWeightScore.Of(search.Networks.Trained(SearchPhase.Child), genotype, batches), scored.Score);
        Assert.Equal(SharedWeightScore.Of(search.Networks.Trained(SearchPhase.Parent), genotype, batches), scored.Parent);
        Assert.NotEqual(SharedWeightScore.Of(search.Networks.Child.Network, genotype, batches), scored.Score);
        batches.ForEach(batch => batch.Dispose());

        static Tensor Stem(Supernet network) => network.parameters().First().detach();
    }

    [Fact]
    public void Run_WithRestarts_StartsEachFreshAndEndsWithTheSumOfTheirAlphas()
    {
        var options = SearchFixture.Tiny with { Epochs = 2, WarmupShare = 0.5, Restarts = 3 };
        using var folder = new TemporaryFolder();
        var (starts, ends) = (new List<Tensor>(), new List<Tensor>());
        SearchFixture? running = null;
        using var search = running = new SearchFixture(folder.Path, options)
        {
            AtStep = step =>
            {
                // Alpha rests in the first epoch of each, so a first step leaves the fresh one as it is; the last step is that before the epoch is finished.
                if (step.Step == 0 && step.Epoch.Index % 2 == 0)
                {
                    starts.Add(running!.Networks.Parent.Architecture.Alpha(CellKind.Normal).detach().clone());
                }

                if (step.Step == running!.Data.StepsPerEpoch - 1 && step.Epoch.Index % 2 == 1)
                {
                    ends.Add(running.Networks.Child.Architecture.Alpha(CellKind.Normal).detach().clone());
                }
            },
        };

        search.Run();

        Assert.Equal(6, search.Epochs.Count);
        Assert.Equal(["2 restart", "4 restart"], search.Events.Where(line => line.EndsWith("restart", StringComparison.Ordinal)));
        Assert.All(starts, alpha => Assert.InRange(alpha.abs().max().item<float>(), 1e-5f, 6e-3f));
        Assert.False(starts[0].equal(starts[1]).any().item<bool>());
        Assert.True((ends[0] + ends[1] + ends[2]).allclose(search.Networks.Child.Architecture.Alpha(CellKind.Normal), 1e-5, 1e-6));
        Assert.True(search.Networks.Parent.Architecture.Alpha(CellKind.Normal).equal(search.Networks.Child.Architecture.Alpha(CellKind.Normal)).all().item<bool>());
        Assert.InRange(ends[1].abs().max().item<float>(), 0.02f, 0.5f); // T of one search, not of three
    }

    [Fact]
    public void Restart_OfOneSeed_DrawsOtherWeightsThanAnySeedOfItsNeighbours()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path);
        var first = Weight(search).clone();
        search.Networks.Restart(1);
        using var other = new SearchFixture(Path.Combine(folder.Path, "other"), SearchFixture.Tiny with { Seed = SearchFixture.Tiny.Seed + 1 });

        Assert.False(Weight(search).equal(first).any().item<bool>());
        Assert.False(Weight(search).equal(Weight(other)).any().item<bool>());

        static Tensor Weight(SearchFixture search) => search.Networks.Parent.Network.Cells[0].Convolutions.First().Weight.detach();
    }

    [Fact]
    public void Weights_OfASampledPath_LeaveAllOtherCandidatesAsTheyWere()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { WeightPaths = CandidatePaths.Sampled, Mu = 1e-2 });
        var child = search.Networks.Child;
        var path = GenotypeSampler.Of(child.Architecture).Draw(77);
        var onPath = child.Network.Cells.SelectMany(cell => cell.ConvolutionsOf(cell.Kind == CellKind.Normal ? path.Normal : path.Reduction)).ToHashSet();
        var before = child.Network.Cells.SelectMany(cell => cell.Convolutions).Select(layer => (layer, Weight: layer.Weight.detach().clone())).ToList();
        var steps = new SearchSteps(search.Networks, search.Options, search.Budget);
        using var batch = search.Data.Evaluation().First();

        steps.Weights(SearchPhase.Child, batch, 0.01, seed: 77);
        steps.Weights(SearchPhase.Child, batch, 0.01, seed: 77);

        Assert.InRange(onPath.Count, 1, before.Count / 3);
        Assert.All(before, pair => Assert.Equal(onPath.Contains(pair.layer), !pair.Weight.equal(pair.layer.Weight).all().item<bool>()));
    }

    [Fact]
    public void Run_Cancelled_WritesACheckpointAtThatStep()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        using (var first = new SearchFixture(folder.Path) { AtStep = step => CancelAt(step, 7, cancel) })
        {
            Assert.ThrowsAny<OperationCanceledException>(() => first.RunUntil(cancel.Token));
        }

        using var second = new SearchFixture(folder.Path);
        Assert.Equal(8, second.Progress.GlobalStep);
    }

    [Theory]
    [InlineData(SearchStrategy.Dcp)]
    [InlineData(SearchStrategy.Cp)]
    [InlineData(SearchStrategy.Direct)]
    [InlineData(SearchStrategy.Parent)]
    [InlineData(SearchStrategy.Random)]
    public void Run_EachStrategy_TrainsTheSupernetsThatItNames(SearchStrategy strategy)
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Strategy = strategy, Epochs = 4 });

        var genotype = search.Run();

        Assert.Equal(8, genotype.Normal.Edges().Count());
        var phases = search.Steps.Select(step => step.Epoch.Phase).Distinct().ToArray();
        Assert.Equal(strategy switch
        {
            SearchStrategy.Random => [],
            SearchStrategy.Direct => [SearchPhase.Child],
            SearchStrategy.Parent => [SearchPhase.Parent],
            _ => [SearchPhase.Parent, SearchPhase.Child],
        }, phases);
        foreach (var step in search.Steps)
        {
            // What takes no part is not measured: no zeros in logs and displays.
            var (isTangent, isChild) = (strategy == SearchStrategy.Dcp && step.Epoch.Phase == SearchPhase.Child, step.Epoch.Phase == SearchPhase.Child);
            Assert.Equal(isTangent && step.Architecture is not null, step.Architecture?.Gradient?.Discrepancy > 0);
            Assert.Equal(isTangent && step.Architecture is not null, step.Architecture?.Gradient?.Cosine is not null);
            Assert.Equal(strategy == SearchStrategy.Dcp && isChild, step.Weights.Reconstruction > 0);
        }

        Assert.All(search.Epochs, epoch => Assert.Equal(
            strategy == SearchStrategy.Dcp && epoch.Epoch is { Phase: SearchPhase.Child, StepsArchitecture: true },
            epoch.Totals is { Discrepancy: > 0, Cosine: not null }));
        Assert.All(search.Epochs, epoch => Assert.Equal(strategy == SearchStrategy.Dcp && epoch.Epoch.Phase == SearchPhase.Child, epoch.Totals.Reconstruction is not null));
        Assert.Equal(search.Data.Wait.TotalSeconds, search.Epochs.Sum(epoch => epoch.Totals.WaitSeconds), 1e-6);
        Assert.All(search.Steps, step => Assert.Equal(step.Epoch.Index >= 1, step.Architecture is not null)); // warm-up: floor(0.34 x 4) = 1 epoch
    }

    [Fact]
    public void Run_TwentySteps_ReducesTheLossIntoItsBand()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Strategy = SearchStrategy.Direct, Epochs = 7, WarmupShare = 0.9 });

        search.Run();

        var first = search.Steps.Take(3).Average(step => step.Weights.Loss);
        var last = search.Steps.Skip(18).Average(step => step.Weights.Loss);
        Assert.Equal(21, search.Steps.Count);
        Assert.InRange(first, 0.75, 2.5); // log 3 = 1.10 is chance
        Assert.InRange(last, 0.0005, 0.4);
    }

    [Fact]
    public void Run_TwentyOneStepsOfDcpWithAlpha_ReachesItsBands()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Epochs = 7, WarmupShare = 0 });

        search.Run();

        var parent = search.Steps.Where(step => step.Epoch.Phase == SearchPhase.Parent).ToList();
        var child = search.Steps.Where(step => step.Epoch.Phase == SearchPhase.Child).ToList();
        Assert.Equal((9, 12), (parent.Count, child.Count));
        Assert.All(search.Steps, step => Assert.NotNull(step.Architecture));
        // A sign turns where a processor rounds another way, and what follows is another search: the bands hold those of eight seeds, and of three processors.
        (string Name, double Value, double Low, double High)[] bands =
        [
            ("cross entropy of the Parent, first steps", parent.Take(3).Average(step => step.Weights.Loss), 0.6, 1.25),
            ("cross entropy of the Parent, last steps", parent.TakeLast(3).Average(step => step.Weights.Loss), 0.03, 0.3),
            ("divergence of the Child, first steps", child.Take(3).Average(Divergence), 0.1, 0.8),
            ("divergence of the Child, last steps", child.TakeLast(3).Average(Divergence), 0.03, 0.3),
            ("divergence of the Child on the architecture half, last steps", child.TakeLast(3).Average(step => step.Architecture!.Loss), 0.01, 0.4),
            ("reconstruction error, last steps", child.TakeLast(3).Average(step => step.Weights.Reconstruction!.Value), 355, 390),
        ];
        Assert.True(child.TakeLast(3).Average(Divergence) < child.Take(3).Average(Divergence), "the divergence of the Child must fall");
        Assert.True(Array.TrueForAll(bands, band => band.Value >= band.Low && band.Value <= band.High),
            string.Join('\n', bands.Select(band => $"{band.Name}: {band.Value:0.0000} of {band.Low} to {band.High}")));

        double Divergence(SearchStep step) => step.Weights.Loss - (search.Options.Mu * step.Weights.Reconstruction!.Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void Weights_OfAChild_StepAlongTheDivergencePlusMuTimesTheReconstruction(double mu)
    {
        // DCP-NAS (4.34): in double precision against a divergence and a reconstruction error written out here, without momentum, decay or clipping.
        const double Rate = 0.1;
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var options = SearchFixture.Tiny with { Mu = mu, WeightOptimizer = OptimizerKind.Sgd, Momentum = 0, WeightDecay = 0, GradientClip = 1e9 };
        using var search = new SearchFixture(folder.Path, options);
        set_default_dtype(ScalarType.Float64);
        SearchNetworks created;
        Tensor images;
        try
        {
            created = new SearchNetworks(options, 3, 3);
            images = randn(8, 3, 8, 8);
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }

        using var networks = created;
        var child = networks.Child;
        using var batch = new DcpNas.Data.Batch(images, arange(8) % 3, 0);
        var q = child.Network.Logits(images, child.Architecture).exp();
        q = q / q.sum(1, keepdim: true);
        var p = networks.Parent.Network.Logits(images, networks.Parent.Architecture).detach().exp();
        p = p / p.sum(1, keepdim: true);
        var divergence = (p * (p / q).log()).sum() / 8;
        var parameters = child.Network.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        var gradients = parameters.Keys.Zip(Autograd.Grad([divergence], [.. parameters.Values])).ToDictionary(pair => pair.First, pair => pair.Second);
        var reconstruction = 0.0;
        using (no_grad())
        {
            foreach (var name in parameters.Keys.Where(name => name.EndsWith(".rho", StringComparison.Ordinal)))
            {
                var (weight, rho) = (parameters[name.Replace(".rho", ".weight", StringComparison.Ordinal)], parameters[name]);
                var sign = where(weight.ge(0), ones_like(weight), -ones_like(weight));
                var rest = weight - (rho.exp().log1p() * sign); // beta = softplus(rho)
                reconstruction += rest.square().sum().ToDouble();
                gradients[name.Replace(".rho", ".weight", StringComparison.Ordinal)].add_(rest * 2 * mu);
                gradients[name].sub_((rest * sign).sum([1, 2, 3], keepdim: true) * rho.sigmoid() * 2 * mu);
            }
        }

        var expected = parameters.ToDictionary(pair => pair.Key, pair => (pair.Value - (gradients[pair.Key] * Rate)).detach());

        var result = new SearchSteps(networks, options, search.Budget).Weights(SearchPhase.Child, batch, Rate, seed: 0);

        Assert.True(reconstruction > 1);
        Assert.Equal(divergence.ToDouble() + (mu * reconstruction), result.Loss, 1e-9);
        Assert.Equal(mu != 0, result.Reconstruction is not null);
        Assert.Equal(mu == 0 ? 0 : reconstruction, result.Reconstruction ?? 0, 1e-9);
        Assert.All(parameters, pair => Assert.True(
            (pair.Value - expected[pair.Key]).abs().max().ToDouble() <= 1e-9 * (1 + expected[pair.Key].abs().max().ToDouble()), $"{pair.Key} moved otherwise"));
        Assert.Contains(parameters, pair => gradients[pair.Key].abs().max().ToDouble() > 1e-3);
    }

    [Fact]
    public void Run_ChildPhase_StartsFromTheWeightsAndAlphaOfTheParent()
    {
        using var folder = new TemporaryFolder();
        string? parent = null, child = null, alpha = null, alphaHat = null;
        SearchFixture? search = null;
        search = new SearchFixture(folder.Path, Short)
        {
            AtStep = step =>
            {
                if (step.GlobalStep == 5)
                {
                    (parent, alpha) = (First(search!.Networks.Parent), Alpha(search.Networks.Parent)); // the last step of the Parent phase
                }
                else if (step.GlobalStep == 6)
                {
                    (child, alphaHat) = (First(search!.Networks.Child), Alpha(search.Networks.Child));
                    Assert.Equal(parent, First(search.Networks.Parent)); // the Parent rests
                }
            },
        };
        using var _ = search;

        search.Run();

        Assert.NotEqual(parent, child); // one step after inheriting
        Assert.NotEqual(alpha, alphaHat);
        Assert.Equal(Alpha(search.Networks.Child), Alpha(search.Networks.Parent)); // alpha <- alpha_hat at the end of the round

        static string First(SearchNetworks.Side side) => Numbers(side.Network.named_parameters().First(named => named.name.EndsWith("depthwise.weight", StringComparison.Ordinal)).parameter);
        static string Alpha(SearchNetworks.Side side) => Numbers(side.Architecture.Alpha(CellKind.Normal));
        static string Numbers(Tensor tensor) => string.Join(' ', tensor.detach().data<float>().ToArray());
    }

    [Fact]
    public void InheritFromParent_Always_CopiesWeightsAndAlphaAndRenewsBeta()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, SearchFixture.Tiny with { Strategy = SearchStrategy.Parent, Epochs = 2 });
        search.Run();

        search.Networks.InheritFromParent();

        var (parent, child) = (search.Networks.Parent, search.Networks.Child);
        var own = child.Network.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        Assert.All(parent.Network.named_parameters(), named => Assert.True(named.parameter.equal(own[named.name]).all().item<bool>()));
        Assert.Equal(parent.Architecture.Probabilities(CellKind.Normal), child.Architecture.Probabilities(CellKind.Normal));
        var layer = (DcpNas.Binarization.BinaryConvolution)child.Network.Cells[0].Convolutions.First();
        Assert.Equal(layer.Weight.abs().mean().ToDouble(), layer.Beta().mean().ToDouble(), 1e-5);
    }

    [Fact]
    public void Run_AHundredAndFiftySteps_KeepsMemoryFlat()
    {
        using var folder = new TemporaryFolder();
        var options = SearchFixture.Tiny with { Epochs = 50, Cells = 1, Channels = 2, WarmupShare = 0, Rounds = 1 };
        using var search = new SearchFixture(folder.Path, options);
        var seen = new Dictionary<long, (double Megabytes, long Tensors)>();
        search.AtStep = step =>
        {
            if (step.GlobalStep is 80 or 149)
            {
                seen[step.GlobalStep] = (ProcessMemory.CurrentMegabytes(), TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            }
        };

        search.Run();

        Assert.Equal(seen[80].Tensors, seen[149].Tensors);
        Assert.True(seen[149].Megabytes - seen[80].Megabytes < 40, $"memory grew from {seen[80].Megabytes:f0} to {seen[149].Megabytes:f0} MB over 69 steps");
    }

    [Fact]
    public void Run_WithNotANumber_StopsAndLeavesTheCheckpoint()
    {
        using var folder = new TemporaryFolder();
        using (var search = new SearchFixture(folder.Path))
        {
            search.AtStep = step =>
            {
                if (step.GlobalStep == 4)
                {
                    using var _ = no_grad();
                    search.Networks.Parent.Network.parameters().First().fill_(float.NaN);
                }
            };

            var error = Assert.Throws<DivergedException>(() => search.Run());
            Assert.StartsWith("The loss of the parent supernet (weights) is NaN. A checkpoint of before, if there is one, is still good", error.Message, StringComparison.Ordinal);
        }

        using var resumed = new SearchFixture(folder.Path);
        Assert.Equal(3, resumed.Progress.GlobalStep);
        Assert.DoesNotContain(resumed.Networks.Parent.Network.parameters(), parameter => parameter.isnan().any().item<bool>());
    }

    [Fact]
    public void Restore_WithOtherData_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using (var search = new SearchFixture(folder.Path) { KillAtStep = 5 })
        {
            Assert.Throws<KilledException>(() => search.Run());
            var path = Path.Combine(folder.Path, "checkpoint.safetensors");
            var other = new SearchCheckpoints(path, search.Networks, search.Guard, new DataIdentity("another", ["a", "b", "c"], ""), TimeSpan.Zero, () => 0);

            var error = Assert.Throws<InputException>(() => other.Restore(_ => { }));

            Assert.Equal($"{path}: at dataset, expected 'another' but found 'tiny'. Resume with the same data, or start a new run folder.", error.Message);
        }
    }

    [Fact]
    public void Restore_WithOtherClassesOrImages_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path) { KillAtStep = 5 };
        Assert.Throws<KilledException>(() => search.Run());
        var path = Path.Combine(folder.Path, "checkpoint.safetensors");

        Assert.Equal(
            $"{path}: at classes[0], expected 'b' of the data but found 'a' with which the run began. They are the same ones in another order. Restore names and order of the classes, or start a new run folder.",
            Fault(new DataIdentity("tiny", ["b", "a", "c"], "1")));
        Assert.Equal(
            $"{path}: at classes[1], expected 'd' of the data but found 'b' with which the run began. gone: 'b', new: 'd'. Restore names and order of the classes, or start a new run folder.",
            Fault(new DataIdentity("tiny", ["a", "d", "c"], "1")));
        Assert.Equal(
            $"{path}: the run began with other images than the data have now: names, labels or boxes of training or test images differ, though not their number. Restore the data, or start a new run folder.",
            Fault(new DataIdentity("tiny", ["a", "b", "c"], "2")));

        string Fault(DataIdentity data) =>
            Assert.Throws<InputException>(() => new SearchCheckpoints(path, search.Networks, search.Guard, data, TimeSpan.Zero, () => 0).Restore(_ => { })).Message;
    }

    /// <summary>A search that is killed and resumed ends as one that is not: genotype, all that learns, and the last line of the log.</summary>
    /// <param name="options">The search.</param>
    /// <param name="killAt">The step, after the first checkpoint.</param>
    /// <param name="torn">The folder of the killed one.</param>
    private static (Genotype Genotype, string Digest) RunKilledAndWhole(SearchOptions options, long killAt, string torn)
    {
        var (expected, digest, log) = Uninterrupted(options);
        using (var first = new SearchFixture(torn, options, checkpointEverySteps: 3) { KillAtStep = killAt })
        {
            Assert.Throws<KilledException>(() => first.Run());
        }

        using var second = new SearchFixture(torn, options, checkpointEverySteps: 3);
        var actual = second.Run();

        Assert.True(second.IsResumed);
        Assert.Equal(expected, actual);
        Assert.Equal(digest, second.Digest());
        Assert.Equal(log[^1], second.Log[^1]);
        return (expected, digest);
    }

    /// <summary>A whole search, run once for all that are compared with it.</summary>
    private static (Genotype Genotype, string Digest, IReadOnlyList<string> Log) Uninterrupted(SearchOptions options) => Whole.GetOrAdd(options.ToJson().ToJsonString(), _ =>
    {
        using var folder = new TemporaryFolder();
        using var search = new SearchFixture(folder.Path, options, checkpointEverySteps: 3);
        return (search.Run(), search.Digest(), search.Log);
    });

    private static void CancelAt(SearchStep step, long at, CancellationTokenSource cancel)
    {
        if (step.GlobalStep == at)
        {
            cancel.Cancel();
        }
    }
}
