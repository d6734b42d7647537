using DcpNas.Cost;
using DcpNas.Native;
using DcpNas.Search;
using DcpNas.SearchSpace;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tests.Search;

/// <summary>A whole search on tiny images, with checkpoints in a temporary folder, that can be killed at any step.</summary>
internal sealed class SearchFixture : IDisposable, ISearchObserver
{
    public static readonly SearchOptions Tiny = new()
    {
        Cells = 3,
        Channels = 4,
        Epochs = 6,
        Rounds = 1,
        BatchSize = 8,
        WarmupShare = 0.34,
        TrainImages = 48,
        EvaluationImages = 16,
        FinalChannels = 8,
        FinalCells = 3,
        Mu = 1e-4,
        ArchitectureRate = 0.02,
        Workers = 0,
        Threads = 1,
        Seed = 5,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SearchCheckpoints _checkpoints;
    private readonly int? _checkpointEverySteps;

    public SearchFixture(string folder, SearchOptions? options = null, int? checkpointEverySteps = null)
    {
        LibTorch.Load();
        Options = options ?? Tiny;
        _checkpointEverySteps = checkpointEverySteps;
        Data = new SearchData(TinyDataset.Pair(), Options, CPU);
        Networks = new SearchNetworks(Options, 3, 3);
        Budget = new CostBudget(Options, new NetworkGeometry
        {
            Channels = Options.FinalChannels,
            Cells = Options.FinalCells,
            InputHeight = 8,
            InputWidth = 8,
            Classes = 3,
            Stem = StemKind.Cifar,
        });
        Guard = new SearchGuard(Options, Networks);
        _checkpoints = new SearchCheckpoints(Path.Combine(folder, "checkpoint.safetensors"), Networks, Guard, new DataIdentity("tiny", ["a", "b", "c"], "1"), TimeSpan.FromHours(1), () => Log.Count);
        var restored = _checkpoints.Restore(Warnings.Add);
        Progress = restored?.Progress ?? new SearchProgress();
        IsResumed = restored is not null;
    }

    public SearchOptions Options { get; }

    public SearchData Data { get; }

    public SearchNetworks Networks { get; }

    public CostBudget Budget { get; }

    public SearchGuard Guard { get; }

    public SearchProgress Progress { get; }

    public bool IsResumed { get; }

    public List<string> Warnings { get; } = [];

    /// <summary>Every number that steps and epochs gave, exactly.</summary>
    public List<string> Log { get; } = [];

    public List<string> Events { get; } = [];

    public List<string> EventTexts { get; } = [];

    public List<SearchStep> Steps { get; } = [];

    public List<EpochSummary> Epochs { get; } = [];

    /// <summary>Throws in the middle of this global step, before any checkpoint of it.</summary>
    public long? KillAtStep { get; set; }

    public Action<SearchStep>? AtStep { get; set; }

    public Genotype Run() => RunUntil(CancellationToken.None);

    public Genotype RunUntil(CancellationToken cancel) =>
        new SearchLoop(Options, Networks, Data, Budget, Guard, Progress, this, new Keeper(this)).Run(cancel);

    /// <summary>A digest of all that learns.</summary>
    public string Digest()
    {
        var lines = new List<string>();
        foreach (var side in new[] { Networks.Parent, Networks.Child })
        {
            lines.AddRange(side.Network.named_parameters().Select(named => $"{named.name} {Bits(named.parameter)}"));
            lines.AddRange(side.Architecture.All.Select(alpha => Bits(alpha)));
            lines.AddRange(new[] { CellKind.Normal, CellKind.Reduction }.Select(kind => Bits(side.Alpha.Backtracking(kind).Psi)));
        }

        return string.Join('\n', lines);
    }

    public void OnStep(SearchStep step)
    {
        Steps.Add(step);
        Log.Add($"{step.GlobalStep} {step.Epoch.Index} {step.Step} {step.Weights.Loss:r} {step.Weights.Correct} {step.Architecture?.Loss:r} {step.Architecture?.Gradient?.Discrepancy:r} {step.Architecture?.Gradient?.Cosine:r}");
        AtStep?.Invoke(step);
        if (step.GlobalStep == KillAtStep)
        {
            throw new KilledException();
        }
    }

    public void OnEpoch(EpochSummary epoch)
    {
        Epochs.Add(epoch with { Totals = epoch.Totals });
        Log.Add($"epoch {epoch.Epoch.Index} {epoch.Totals.Loss:r} {epoch.Totals.Correct} {epoch.Totals.ArchitectureLoss:r} {epoch.Totals.Discrepancy:r} {epoch.SupernetTop1:r} {epoch.Health.Normal.Entropy:r} {epoch.ExpectedOps:r} {epoch.Health.Genotype}");
    }

    public void OnEvent(int epoch, bool warning, string name, string text)
    {
        Events.Add($"{epoch} {name}");
        EventTexts.Add(text);
    }

    public void Dispose()
    {
        Data.Dispose();
        Guard.Dispose();
        Networks.Dispose();
        _scope.Dispose();
    }

    private static string Bits(Tensor value) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(value.detach().contiguous().bytes.ToArray()));

    private sealed class Keeper(SearchFixture fixture) : ISearchCheckpoints
    {
        public void AfterStep(SearchProgress progress)
        {
            if (fixture._checkpointEverySteps is { } every && progress.GlobalStep % every == 0)
            {
                Save(progress);
            }
        }

        public void Save(SearchProgress progress) => fixture._checkpoints.Save(progress);
    }
}

/// <summary>The process died here.</summary>
internal sealed class KilledException : Exception;
