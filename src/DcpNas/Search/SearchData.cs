using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Distributed;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>The two halves of the training set as batches: weights learn on one, alpha on the other.</summary>
public sealed class SearchData : IDisposable
{
    private const long EvaluationStream = 0x6576616c;

    private readonly BatchLoader _weights;
    private readonly BatchLoader _architecture;
    private readonly BatchLoader _evaluation;
    private readonly int _pieces;
    private readonly int _alphaInterval;

    /// <summary>Splits and prepares the training set of a data set.</summary>
    /// <exception cref="InputException">There are too few images for a step.</exception>
    public SearchData(DatasetPair dataset, SearchOptions options, Device device)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(device);
        Dataset = dataset;
        Split = DataSplit.Halves(dataset.Train, options.Seed, options.TrainImages);
        var smaller = Math.Min(Split.Weights.Count, Split.Architecture.Count);
        if (smaller < options.BatchSize)
        {
            throw new OptionsException("options",
                [$"batch_size must not exceed the {smaller} images of a half of the training set, got {options.BatchSize}. Use more train_images or a smaller batch_size."]);
        }

        if (Split.Architecture.Count < options.FewestEvaluationImages)
        {
            throw new OptionsException("options",
                [$"restarts x batch_size must not exceed the {Split.Architecture.Count} images of the architecture half with selection sampled: the supernets of each restart score genotypes on a batch of their own or more, got {options.Restarts} x {options.BatchSize}. Use more train_images, fewer restarts or a smaller batch_size."]);
        }

        var multiple = options.SideMultiple;
        if (dataset.Train.Height % multiple != 0 || dataset.Train.Width % multiple != 0)
        {
            var remedy = options.Stem == StemKind.Half ? " Use stem cifar, or images of another size." : "";
            throw new OptionsException("options", [$"images must have sides that are multiples of {multiple}, got {dataset.Train.Height} x {dataset.Train.Width}.{remedy}"]);
        }

        var common = new BatchLoaderOptions
        {
            BatchSize = options.BatchSize,
            Shuffle = true,
            DropLast = true,
            Workers = options.Workers,
            Seed = options.Seed,
            ChannelsLast = true,
            Augmentation = dataset.Augmentation with { CutoutLength = 0 },
            Statistics = dataset.Statistics,
            Device = device,
        };
        var shards = Shards.Of(options.Shards, Collective.Current);
        _weights = new BatchLoader(dataset.Train, Split.Weights, common with { Shards = shards });
        _architecture = new BatchLoader(dataset.Train, Split.Architecture, common with { Seed = options.Seed + 1L, Shards = shards });
        _pieces = shards.Own;
        _alphaInterval = options.AlphaInterval;
        var half = Split.Architecture;
        var count = Math.Min(options.EvaluationImages, half.Count);
        int[] evaluated = [.. Enumerable.Range(0, count).Select(i => half[(int)((long)i * half.Count / count)])]; // evenly from the whole half, so from all classes
        new SeededRandom(options.Seed, EvaluationStream).Shuffle(evaluated.AsSpan());
        _evaluation = new BatchLoader(dataset.Train, evaluated, common with { Shuffle = false, DropLast = evaluated.Length > options.BatchSize, Augmentation = AugmentationOptions.None });
        StepsPerEpoch = Math.Min(_weights.StepsPerEpoch, _architecture.StepsPerEpoch);
    }

    /// <summary>The data set.</summary>
    public DatasetPair Dataset { get; }

    /// <summary>The halves.</summary>
    public DataSplit Split { get; }

    /// <summary>Steps of an epoch: full batches of the smaller half.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Time that steps have waited for batches since the start.</summary>
    public TimeSpan Wait => _weights.ConsumerWait + _architecture.ConsumerWait;

    /// <summary>The batches of an epoch from a step on, each as the pieces that this process takes. The caller disposes them.</summary>
    public IEnumerable<SearchBatch> Steps(SearchEpoch epoch, int firstStep)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        using var weights = _weights.Epoch(epoch.Index, firstStep).GetEnumerator();
        var firstOfAlpha = (firstStep + _alphaInterval - 1) / _alphaInterval;
        using var architecture = epoch.StepsArchitecture ? _architecture.Epoch(epoch.Index, firstOfAlpha).GetEnumerator() : null;
        for (var step = firstStep; step < StepsPerEpoch; step++)
        {
            yield return new SearchBatch(Take(weights), architecture is null || step % _alphaInterval != 0 ? null : Take(architecture));
        }
    }

    /// <summary>Images of the architecture half without augmentation, always in the same order.</summary>
    /// <remarks>The order mixes the classes: supernets normalise by the statistics of the batch, and folders hold one class after the other.</remarks>
    public IEnumerable<Batch> Evaluation() => _evaluation.Epoch(0);

    private Batch[] Take(IEnumerator<Batch> batches)
    {
        var pieces = new Batch[_pieces];
        for (var i = 0; i < pieces.Length; i++)
        {
            pieces[i] = batches.MoveNext() ? batches.Current : throw new InvalidOperationException($"Bug in DcpNas: an epoch has fewer than {StepsPerEpoch} steps of {_pieces} pieces.");
        }

        return pieces;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _architecture.Dispose();
        _evaluation.Dispose();
    }
}
