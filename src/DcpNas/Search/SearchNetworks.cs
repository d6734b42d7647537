using DcpNas.Binarization;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Parent and Child with their architecture parameters and optimisers: everything that learns during a search.</summary>
public sealed class SearchNetworks : IDisposable
{
    /// <summary>Creates both supernets from the seed of the options, on the default device and in the default type of torch.</summary>
    public SearchNetworks(SearchOptions options, int imageChannels, int classes)
    {
        ArgumentNullException.ThrowIfNull(options);
        random.manual_seed(options.Seed);
        var size = options.Supernet(imageChannels, classes);
        Parent = new Side(new Supernet(size, Precision.Real), options);
        Child = new Side(new Supernet(size, options.ChildPrecision), options);
        Child.Network.InheritWeights(Parent.Network);
        Child.Architecture.CopyFrom(Parent.Architecture);
    }

    /// <summary>The real-valued supernet: w and alpha.</summary>
    public Side Parent { get; }

    /// <summary>The 1-bit supernet: w_hat and alpha_hat.</summary>
    public Side Child { get; }

    /// <summary>The supernet that a phase trains.</summary>
    public Side Of(SearchPhase phase) => phase == SearchPhase.Parent ? Parent : Child;

    /// <summary>The phase whose alpha a strategy turns into the genotype.</summary>
    public static SearchPhase DecidingPhase(SearchStrategy strategy) => strategy == SearchStrategy.Parent ? SearchPhase.Parent : SearchPhase.Child;

    /// <summary>The supernet whose alpha a strategy turns into the genotype.</summary>
    public Side Deciding(SearchStrategy strategy) => Of(DecidingPhase(strategy));

    /// <summary>At the start of a Child phase: <c>alpha_hat &lt;- alpha</c> and <c>w_hat &lt;- w</c>.</summary>
    public void InheritFromParent()
    {
        Child.Network.InheritWeights(Parent.Network);
        Child.Weights.Restart();
        Child.Architecture.CopyFrom(Parent.Architecture);
    }

    /// <summary>At the end of a Child phase: <c>alpha &lt;- alpha_hat</c>.</summary>
    public void ReturnArchitecture() => Parent.Architecture.CopyFrom(Child.Architecture);

    /// <inheritdoc/>
    public void Dispose()
    {
        Parent.Dispose();
        Child.Dispose();
    }

    /// <summary>One supernet, its architecture parameters and the optimisers of both.</summary>
    public sealed class Side : IDisposable
    {
        internal Side(Supernet network, SearchOptions options)
        {
            Network = network;
            Architecture = new ArchitectureParameters(options.EdgeNormalization);
            Weights = new WeightOptimizer(network, options);
            Alpha = new ArchitectureOptimizer(Architecture, options);
        }

        /// <summary>The graph and its weights.</summary>
        public Supernet Network { get; }

        /// <summary>alpha.</summary>
        public ArchitectureParameters Architecture { get; }

        /// <summary>Steps the weights.</summary>
        public WeightOptimizer Weights { get; }

        /// <summary>Steps alpha.</summary>
        public ArchitectureOptimizer Alpha { get; }

        /// <summary>Logits of a batch.</summary>
        public Tensor Logits(Tensor images) => Network.Logits(images, Architecture);

        /// <summary>Logits of a batch by one discrete network, or by all candidates where there is none.</summary>
        public Tensor Logits(Tensor images, Genotype? path) => path is null ? Logits(images) : Network.Logits(images, path);

        /// <inheritdoc/>
        public void Dispose()
        {
            Alpha.Dispose();
            Weights.Dispose();
            Architecture.Dispose();
            Network.Dispose();
        }
    }
}
