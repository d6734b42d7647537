using DcpNas.Binarization;
using DcpNas.SearchSpace;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tests.SearchSpace;

/// <summary>A Parent, a Child and a batch small enough for exact checks in double precision.</summary>
internal sealed class TinyNetwork : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TinyNetwork(ScalarType type = ScalarType.Float64, SupernetOptions? options = null, Precision? child = null, int images = 6, int seed = 3, double spread = 0.5)
    {
        Options = options ?? new SupernetOptions { Cells = 3, Channels = 4, StemMultiplier = 2, Classes = 3 };
        var before = get_default_dtype();
        set_default_dtype(type);
        try
        {
            random.manual_seed(seed);
            Parent = new Supernet(Options, Precision.Real);
            Child = new Supernet(Options, child ?? new Precision(BinarizationScheme.Paper));
            Alpha = new ArchitectureParameters(Options.EdgeNormalization);
            AlphaHat = new ArchitectureParameters(Options.EdgeNormalization);
            using var _ = no_grad();
            foreach (var alpha in Alpha.All.Concat(AlphaHat.All))
            {
                alpha.copy_(randn_like(alpha) * spread);
            }

            Child.InheritWeights(Parent);
            Images = randn(images, 3, 8, 8);
            Labels = randint(Options.Classes, [images], dtype: ScalarType.Int64);
        }
        finally
        {
            set_default_dtype(before);
        }
    }

    public SupernetOptions Options { get; }

    public Supernet Parent { get; }

    public Supernet Child { get; }

    public ArchitectureParameters Alpha { get; }

    public ArchitectureParameters AlphaHat { get; }

    public Tensor Images { get; }

    public Tensor Labels { get; }

    public void Dispose()
    {
        Parent.Dispose();
        Child.Dispose();
        Alpha.Dispose();
        AlphaHat.Dispose();
        _scope.Dispose();
    }
}
