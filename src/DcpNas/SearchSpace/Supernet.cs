using DcpNas.Binarization;
using DcpNas.SearchSpace.Algebra;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.SearchSpace;

/// <summary>The network of all architectures at once. Parent (real) and Child (1-bit) are two instances of this graph.</summary>
/// <remarks>
/// <b>Shapes.</b> Images <c>[N, ImageChannels, H, W]</c>, H and W multiples of <see cref="SupernetOptions.SideMultiple"/>, to logits <c>[N, Classes]</c>. Batch normalisation uses the statistics of
/// the batch in training and in evaluation: supernet accuracies are proxies, and shared weights have no statistics of their own.
/// The output of the last cell is normalised before the mean over the image: nodes add correlated terms, so that features would share a large mean,
/// which a short search on few images never gets out of the classifier.
/// Geometry after DARTS (arXiv:1806.09055): reduction cells at floor(L/3) and floor(2L/3).
/// </remarks>
public sealed class Supernet : Module
{
    private readonly Parameter _stemWeight;
    private readonly Parameter _stemScale;
    private readonly Parameter _stemShift;
    private readonly Parameter _headWeight;
    private readonly Parameter _headBias;
    private readonly SupernetCell[] _cells;

    /// <summary>Creates a supernet with fresh weights from the global generator of torch.</summary>
    public Supernet(SupernetOptions options, Precision precision)
        : base(nameof(Supernet))
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(precision);
        (Options, Precision) = (options, precision);
        var stem = options.Channels * options.StemMultiplier;
        _stemWeight = new Parameter(empty(stem, options.ImageChannels, 3, 3));
        init.kaiming_uniform_(_stemWeight, Math.Sqrt(5));
        (_stemScale, _stemShift) = (new Parameter(ones(stem)), new Parameter(zeros(stem)));
        register_parameter("stem_weight", _stemWeight);
        register_parameter("stem_scale", _stemScale);
        register_parameter("stem_shift", _stemShift);

        _cells = new SupernetCell[options.Cells];
        var (before, last, channels, halve) = (stem, stem, options.Channels, false);
        for (var i = 0; i < _cells.Length; i++)
        {
            var kind = i == options.Cells / 3 || i == 2 * options.Cells / 3 ? CellKind.Reduction : CellKind.Normal;
            channels *= kind == CellKind.Reduction ? 2 : 1;
            _cells[i] = new SupernetCell(kind, before, last, channels, halve, options.PartialChannels, precision, options.NormalizeCandidates);
            register_module($"cell{i}", _cells[i]);
            (before, last, halve) = (last, CellTopology.NodeCount * channels, kind == CellKind.Reduction);
        }

        _headWeight = new Parameter(empty(options.Classes, last));
        init.kaiming_uniform_(_headWeight, Math.Sqrt(5));
        _headBias = new Parameter(zeros(options.Classes));
        register_parameter("head_weight", _headWeight);
        register_parameter("head_bias", _headBias);
    }

    /// <summary>The size.</summary>
    public SupernetOptions Options { get; }

    /// <summary>Real or 1-bit.</summary>
    public Precision Precision { get; }

    /// <summary>The cells from stem to head.</summary>
    public IReadOnlyList<SupernetCell> Cells => _cells;

    /// <summary>The graph.</summary>
    public T Apply<T>(INetworkAlgebra<T> math, T images, MixingWeights<T> weights)
        where T : class => math.Scope(() =>
        {
            var stem = math.Scope(() => math.NormalizeAffine(math.ConvolveStem(images, _stemWeight, Options.StemStride), _stemScale, _stemShift));
            var (before, last) = (stem, stem);
            foreach (var cell in _cells)
            {
                (before, last) = (last, cell.Apply(math, before, last, weights.Of(cell.Kind)));
            }

            return math.Linear(math.GlobalAverage(math.Normalize(last)), _headWeight, _headBias);
        });

    /// <summary>Logits of a batch for given architecture parameters.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="architecture">How all candidates are mixed.</param>
    /// <param name="path">The one discrete network that answers instead of the mixture, with straight-through gradients of alpha; null: the mixture.</param>
    /// <exception cref="ShapeException">The images are not <c>[N, ImageChannels, H, W]</c>.</exception>
    public Tensor Logits(Tensor images, ArchitectureParameters architecture, Genotype? path = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ShapeException.ThrowIfNot(images, "supernet input", -1, Options.ImageChannels, -1, -1);
        var math = new ValueAlgebra(Precision.Activations);
        return math.Scope(() => Apply(math, images, architecture.Mix(math, alpha => alpha, path)));
    }

    /// <summary>Logits of a batch by one discrete network with the shared weights; what it does not keep is not computed (<see cref="DiscreteWeights"/>).</summary>
    /// <exception cref="ShapeException">The images are not <c>[N, ImageChannels, H, W]</c>.</exception>
    public Tensor Logits(Tensor images, Genotype genotype)
    {
        ShapeException.ThrowIfNot(images, "supernet input", -1, Options.ImageChannels, -1, -1);
        var math = new ValueAlgebra(Precision.Activations);
        return math.Scope(() => Apply(math, images, DiscreteWeights.Of(math, genotype, Options.EdgeNormalization, images)));
    }

    /// <summary>The sum of the reconstruction errors of all 1-bit layers, DCP-NAS (4.23); null for a real network.</summary>
    /// <param name="path">The discrete network whose layers count; null: all candidates.</param>
    public Tensor? ReconstructionError(Genotype? path = null)
    {
        using var scope = NewDisposeScope();
        var layers = _cells.SelectMany(cell => path is null ? cell.Convolutions : cell.ConvolutionsOf(cell.Kind == CellKind.Normal ? path.Normal : path.Reduction));
        var errors = layers.Select(layer => layer.ReconstructionError()).OfType<Tensor>().ToList();
        return errors.Count == 0 ? null : stack(errors).sum().MoveToOuterDisposeScope();
    }

    /// <summary>Copies all parameters of the same name from the other network: <c>w_hat &lt;- w</c>; derived scales start anew.</summary>
    public void InheritWeights(Supernet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var _ = no_grad();
        var own = named_parameters().ToDictionary(named => named.name, named => named.parameter);
        foreach (var (name, parameter) in other.named_parameters())
        {
            if (own.TryGetValue(name, out var target))
            {
                target.copy_(parameter);
            }
        }

        foreach (var layer in _cells.SelectMany(cell => cell.Convolutions))
        {
            layer.OnWeightsInherited();
        }
    }
}
