using DcpNas.Binarization;
using DcpNas.SearchSpace;
using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Parent and Child with their architecture parameters and optimisers: everything that learns during a search.</summary>
public sealed class SearchNetworks : IDisposable
{
    private readonly SearchOptions _options;
    private readonly SupernetOptions _size;
    private readonly List<Supernet> _earlierParents = [];
    private readonly List<Supernet> _earlierChildren = [];

    /// <summary>Creates both supernets from the seed of the options, on the default device and in the default type of torch.</summary>
    public SearchNetworks(SearchOptions options, int imageChannels, int classes)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _size) = (options, options.Supernet(imageChannels, classes));
        (Parent, Child) = Create(restart: 0);
    }

    /// <summary>The real-valued supernet: w and alpha.</summary>
    public Side Parent { get; private set; }

    /// <summary>The 1-bit supernet: w_hat and alpha_hat.</summary>
    public Side Child { get; private set; }

    /// <summary>The supernet that a phase trains.</summary>
    public Side Of(SearchPhase phase) => phase == SearchPhase.Parent ? Parent : Child;

    /// <summary>The trained supernets of a phase, one of each restart, in order: those of earlier restarts, which are kept where they score genotypes (selection sampled), and the present one.</summary>
    public IReadOnlyList<Supernet> Trained(SearchPhase phase) => [.. phase == SearchPhase.Parent ? _earlierParents : _earlierChildren, Of(phase).Network];

    /// <summary>The phase whose alpha a strategy turns into the genotype.</summary>
    public static SearchPhase DecidingPhase(SearchStrategy strategy) => StrategyTable.Of(strategy).Deciding;

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

    /// <summary>At the start of a restart: fresh weights, optimisers and alpha; the alphas so far are kept, and so are the supernets where they score genotypes at the end.</summary>
    /// <param name="restart">Its number, from 1; names the seed, which no other seed of options gives.</param>
    public void Restart(int restart)
    {
        var (parent, child) = Create(restart);
        parent.KeepAlphaOf(Parent);
        child.KeepAlphaOf(Child);
        if (_options.Selection == GenotypeSelection.Sampled)
        {
            _earlierParents.Add(Parent.ReleaseNetwork());
            _earlierChildren.Add(Child.ReleaseNetwork());
        }
        else
        {
            Parent.Dispose();
            Child.Dispose();
        }

        (Parent, Child) = (parent, child);
    }

    /// <summary>Pairs of supernets of earlier restarts that a search keeps when it has come so far.</summary>
    internal int EarlierPairsAt(SearchProgress progress) => _options.Selection == GenotypeSelection.Sampled ? SearchSchedule.RestartsBehind(_options, progress.Epoch, progress.Step) : 0;

    /// <summary>A pair of supernets of an earlier restart for a checkpoint to fill.</summary>
    internal (Supernet Parent, Supernet Child) NewEarlierPair()
    {
        var pair = (Parent: new Supernet(_size, Precision.Real), Child: new Supernet(_size, _options.ChildPrecision));
        _earlierParents.Add(pair.Parent);
        _earlierChildren.Add(pair.Child);
        return pair;
    }

    /// <summary>At the end of the last restart: alpha becomes the sum over all of them. A second call changes nothing.</summary>
    public void AddEarlierAlphas()
    {
        Parent.AddEarlierAlphas();
        Child.AddEarlierAlphas();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parent.Dispose();
        Child.Dispose();
        _earlierParents.ForEach(network => network.Dispose());
        _earlierChildren.ForEach(network => network.Dispose());
    }

    private (Side Parent, Side Child) Create(int restart)
    {
        random.manual_seed(restart == 0 ? _options.Seed : SeededRandom.TorchSeed(_options.Seed, restart));
        var parent = new Side(new Supernet(_size, Precision.Real), _options);
        var child = new Side(new Supernet(_size, _options.ChildPrecision), _options);
        child.Network.InheritWeights(parent.Network);
        child.Architecture.CopyFrom(parent.Architecture);
        return (parent, child);
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

        /// <summary>The sum of the alphas of earlier restarts; null where there are none.</summary>
        public ArchitectureParameters? EarlierAlphas { get; private set; }

        /// <summary>Steps the weights.</summary>
        public WeightOptimizer Weights { get; }

        /// <summary>Steps alpha.</summary>
        public ArchitectureOptimizer Alpha { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            DisposeLearners();
            Network.Dispose();
        }

        /// <summary>Disposes everything but the supernet, which is the caller's from then on.</summary>
        internal Supernet ReleaseNetwork()
        {
            DisposeLearners();
            Network.zero_grad();
            return Network;
        }

        private void DisposeLearners()
        {
            Alpha.Dispose();
            Weights.Dispose();
            Architecture.Dispose();
            EarlierAlphas?.Dispose();
        }

        /// <summary>Earlier alphas for a checkpoint to fill.</summary>
        internal ArchitectureParameters NewEarlierAlphas() => EarlierAlphas = new ArchitectureParameters(Architecture.EdgeWeights(CellKind.Normal) is not null);

        internal void KeepAlphaOf(Side before)
        {
            NewEarlierAlphas().CopyFrom(before.Architecture);
            if (before.EarlierAlphas is { } earlier)
            {
                EarlierAlphas!.Add(earlier);
            }
        }

        internal void AddEarlierAlphas()
        {
            if (EarlierAlphas is { } earlier)
            {
                Architecture.Add(earlier);
                earlier.Dispose();
                EarlierAlphas = null;
            }
        }
    }
}
