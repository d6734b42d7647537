using DcpNas.Data;
using DcpNas.Native;
using DcpNas.Search;
using static TorchSharp.torch;

namespace DcpNas.StepBench;

/// <summary>Parent, Child, optimisers and batches of a search, before its first step.</summary>
internal sealed class StepFixture : IDisposable
{
    private readonly ScalarType _typeBefore;
    private readonly SearchSetup _setup;

    /// <summary>Prepares the search.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="batches">Batches per half that are kept.</param>
    /// <param name="type">float32, as searches run, or float64 for comparisons.</param>
    public StepFixture(SearchOptions options, int batches, ScalarType type = ScalarType.Float32)
    {
        LibTorch.Load();
        _typeBefore = get_default_dtype();
        set_default_dtype(type);
        _setup = SearchSetup.Prepare(options);
        var kept = new List<(Batch Weights, Batch Alpha)>();
        foreach (var batch in _setup.Data.Steps(new SearchEpoch(0, 0, SearchPhase.Parent, true, false, true), 0).Take(batches))
        {
            kept.Add((As(batch.Weights[0], type), As(batch.Architecture![0], type)));
        }

        (WeightBatches, AlphaBatches) = ([.. kept.Select(pair => pair.Weights)], [.. kept.Select(pair => pair.Alpha)]);
    }

    public SearchOptions Options => _setup.Options;

    public SearchNetworks Networks => _setup.Networks;

    public int Classes => _setup.Data.Dataset.Train.ClassNames.Count;

    /// <summary>Batches of the weight half.</summary>
    public IReadOnlyList<Batch> WeightBatches { get; }

    /// <summary>Batches of the architecture half.</summary>
    public IReadOnlyList<Batch> AlphaBatches { get; }

    /// <summary>The steps of the search, optionally with another curvature.</summary>
    public SearchSteps Steps(string? curvature = null) =>
        new(Networks, curvature is null ? Options : Options with { Curvature = curvature }, _setup.Budget);

    public void Dispose()
    {
        foreach (var batch in WeightBatches.Concat(AlphaBatches))
        {
            batch.Dispose();
        }

        _setup.Dispose();
        set_default_dtype(_typeBefore);
    }

    private static Batch As(Batch batch, ScalarType type)
    {
        if (batch.Images.dtype == type)
        {
            return batch;
        }

        using var original = batch;
        return new Batch(batch.Images.to(type).DetachFromDisposeScope(), batch.Labels.alias().DetachFromDisposeScope(), batch.Step);
    }
}
