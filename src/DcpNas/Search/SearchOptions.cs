using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.SearchSpace;
using static DcpNas.Foundation.OptionRules;

namespace DcpNas.Search;

/// <summary>Settings of one architecture search. Immutable; the values used are saved with the run.</summary>
/// <remarks>Defaults follow DCP-NAS, and DARTS / PC-DARTS practice where the paper is silent.</remarks>
public sealed partial record SearchOptions
{
    /// <summary>How the genotype is found.</summary>
    [Option("How the genotype is found")]
    public SearchStrategy Strategy { get; init; } = SearchStrategy.Dcp;

    /// <summary>Seed of everything random in the run.</summary>
    [Option("Seed of everything random")]
    public int Seed { get; init; }

    /// <summary>The data set.</summary>
    [Option("Data set", Names = typeof(DatasetNames))]
    public string Dataset { get; init; } = "synthetic";

    /// <summary>Folder of the data set; null: environment variable DCPNAS_DATA, then .data.</summary>
    [Option("Folder of the data set, laid out as docs/datasets.md says; without it DCPNAS_DATA, then .data", MayChange = true)]
    public string? Data { get; init; }

    /// <summary>Training images used, split into a weight half and an architecture half; null: all.</summary>
    [Option("Training images to use, half for weights and half for alpha; two or more of each class", None = "all")]
    public int? TrainImages { get; init; }

    /// <summary>Side in pixels to which images of a folder are brought.</summary>
    [Option("Side in pixels of the images of a folder; a multiple of 4, with stem half of 8", Min = 8, CheckedByRule = true)]
    public int ImageSize { get; init; } = 32;

    /// <summary>Cells of the supernet; with fewer than 3 all would be reduction cells.</summary>
    [Option("Cells of the supernet", Min = 3, Max = 100, Reason = "two reduction cells and a normal one")]
    public int Cells { get; init; } = 8;

    /// <summary>Channels of a node in the first cells.</summary>
    [Option("Channels of a node in the first cells; a multiple of `partial_channels`", Min = 2, CheckedByRule = true)]
    public int Channels { get; init; } = 16;

    /// <summary>What stands before the first cell of the supernet; half = the search sees images at half the resolution, at about a third of the time.</summary>
    [Option("What stands before the first cell of the supernet: a convolution of stride 1 (cifar) or 2 (half: a step takes about a third of the time)", CheckedByRule = true)]
    public StemKind Stem { get; init; } = StemKind.Cifar;

    /// <summary>1/K of the channels go through the mixed operations; 1 = all.</summary>
    [Option("1/K of the channels go through the mixed operations", Min = 1, Note = "1 = all; 4 is about 3 times faster")]
    public int PartialChannels { get; init; } = 1;

    /// <summary>Whether each edge has a weight of its own, normalised per node.</summary>
    [Option("Give each edge a weight of its own")]
    public bool EdgeNormalization { get; init; }

    /// <summary>Whether every candidate ends with batch normalisation, so that all enter the mixed sum at the same size.</summary>
    [Option("Normalise every candidate over the batch before it enters the mixed sum, so that none owns it by its size")]
    public bool NormalizeCandidates { get; init; } = true;

    /// <summary>Which values of the Child are 1-bit.</summary>
    [Option("What is 1-bit in the Child: all convolutions of the cells (paper), or activations of pointwise ones only (release)")]
    public BinarizationScheme Scheme { get; init; } = BinarizationScheme.Paper;

    /// <summary>Scale of a 1-bit convolution.</summary>
    [Option("Scale beta of 1-bit convolutions")]
    public ScaleKind Scale { get; init; } = ScaleKind.Learnable;

    /// <summary>Surrogate gradient of the sign of activations.</summary>
    [Option("Gradient that stands in for that of the sign of activations")]
    public SignEstimator ActivationGradient { get; init; } = SignEstimator.BiReal;

    /// <summary>Which candidates a step of the weights computes.</summary>
    [Option("What a step of the weights computes: all candidates mixed by alpha, or one discrete network drawn from alpha (cheap)")]
    public CandidatePaths WeightPaths { get; init; } = CandidatePaths.Mixed;

    /// <summary>Which candidates a step of alpha computes.</summary>
    [Option("What a step of alpha computes: all candidates mixed, or one discrete network drawn from alpha with straight-through gradients, as `weight_paths` sampled trains them")]
    public CandidatePaths AlphaPaths { get; init; } = CandidatePaths.Mixed;

    /// <summary>How the search ends with a genotype.</summary>
    [Option("How the genotype is chosen at the end: by alpha alone (argmax), by the loss without each operation (perturbation), or the best of sampled genotypes by the Child's shared weights")]
    public GenotypeSelection Selection { get; init; } = GenotypeSelection.Argmax;

    /// <summary>Genotypes that the selection by sampling scores.</summary>
    [Option("Genotypes that `selection` sampled scores", Min = 2)]
    public int SelectionCandidates { get; init; } = 300;

    /// <summary>What the selection by sampling orders genotypes by.</summary>
    [Option("What `selection` sampled orders genotypes by: the cross entropy with the shared weights (loss), or what the 1-bit Child has of it above its real-valued Parent (discrepancy)", CheckedByRule = true)]
    public SelectionScore SelectionScore { get; init; } = SelectionScore.Loss;

    /// <summary>Passes over the weight half, Parent and Child together; with <see cref="Restarts"/> in each of them.</summary>
    [Option("Passes over the weight half, Parent and Child together", Min = 1, Note = "where they take turns, at least 2 x rounds")]
    public int Epochs { get; init; } = 50;

    /// <summary>Searches from fresh weights and a fresh alpha, each of <see cref="Epochs"/> epochs; their alphas are added at the end.</summary>
    /// <remarks>
    /// Most of a logit follows the weights of the moment; what independent searches agree on remains. Adding logits multiplies the distributions over the operations.
    /// </remarks>
    [Option("Searches from fresh weights, each of `epochs` epochs, whose alphas are added and whose shared weights score genotypes together (`selection` = sampled): what they agree on decides", Min = 1, Max = 100)]
    public int Restarts { get; init; } = 1;

    /// <summary>Rounds of a Parent phase and a Child phase.</summary>
    [Option("Rounds of a Parent phase and a Child phase", Min = 1)]
    public int Rounds { get; init; } = 5;

    /// <summary>Share of the epochs, from the start, that does not touch alpha.</summary>
    [Option("Share of the epochs, from the start, that leaves alpha alone", Min = 0, Below = 1)]
    public double WarmupShare { get; init; } = 0.3;

    /// <summary>Images per step, for weights and for alpha.</summary>
    [Option("Images per step", Min = 2, Reason = "batch normalisation")]
    public int BatchSize { get; init; } = 64;

    /// <summary>How the weights of both supernets are stepped: 1-bit weights need adaptive steps (arXiv:2106.11309).</summary>
    [Option("How the weights of both supernets are stepped")]
    public OptimizerKind WeightOptimizer { get; init; } = OptimizerKind.Adamw;

    /// <summary>Learning rate of the weights at the start (cosine). The default is for adamw; sgd needs about 0.025.</summary>
    [Option("Learning rate of the weights at the start (cosine)", Above = 0, CheckedByRule = true)]
    public double WeightRate { get; init; } = 0.01;

    /// <summary>Learning rate of the weights at the end.</summary>
    [Option("Learning rate of the weights at the end", Min = 0)]
    public double WeightRateEnd { get; init; } = 0.001;

    /// <summary>Momentum of SGD.</summary>
    [Option("Momentum of SGD", Min = 0, Below = 1)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of the weights.</summary>
    [Option("Weight decay of the weights", Min = 0)]
    public double WeightDecay { get; init; } = 3e-4;

    /// <summary>Largest norm of the weight gradient.</summary>
    [Option("Largest norm of the weight gradient", Above = 0)]
    public double GradientClip { get; init; } = 5;

    /// <summary>T: how far a logit of alpha can travel in one search of <see cref="Epochs"/> epochs. The learning rate of alpha is T over the number of its steps.</summary>
    /// <remarks>
    /// Adam moves a value by at most about its rate per step, so T bounds what a search can decide: the best of 8 operations reaches at most the
    /// probability <see cref="SearchSchedule.CeilingOfBest"/>. DARTS has 5.9, P-DARTS 2.3, PC-DARTS 2.1.
    /// </remarks>
    [Option("T: how far a logit of alpha can travel in one search of `epochs` epochs", Above = 0, Finite = true, Note = "below 1 no operation can win")]
    public double AlphaTravel { get; init; } = 3.6;

    /// <summary>Learning rate of alpha (Adam, beta 0.5 and 0.999); null: <see cref="AlphaTravel"/> over the steps of alpha.</summary>
    [Option("Learning rate of alpha (Adam)", Above = 0, None = "`alpha_travel` over the number of its steps")]
    public double? ArchitectureRate { get; init; }

    /// <summary>Steps of the weights for each step of alpha, where alpha learns. A step of alpha costs several of the weights; T is the same, so each goes further.</summary>
    [Option("Steps of the weights for each step of alpha, which costs several of them", Min = 1, Note = "T stays the same: each step of alpha goes further")]
    public int AlphaInterval { get; init; } = 1;

    /// <summary>Weight decay of alpha.</summary>
    [Option("Weight decay of alpha", Min = 0)]
    public double ArchitectureWeightDecay { get; init; } = 1e-3;

    /// <summary>The tangent term's share of the step of the Child's alpha: its norm over the sum of its norm and that of g_C.</summary>
    /// <remarks>A weight without units: it means the same at another batch size, number of classes or distance. <see cref="Lambda"/> overrides it.</remarks>
    [Option("Share of the Parent's tangent in the step of the Child's alpha, by its norm", Min = 0, Below = 1, Note = "0 = none")]
    public double TangentShare { get; init; } = 0.35;

    /// <summary>Weight of the discrepancy D as the paper has it (its 1e-3 to 5e-3 leave the step as it is: D is a mean here); null: <see cref="TangentShare"/>.</summary>
    [Option("Weight of the discrepancy D as the paper has it, instead of `tangent_share`", Min = 0)]
    public double? Lambda { get; init; }

    /// <summary>Weight of the reconstruction error L_R summed over all layers. With L_R in the hundreds to thousands a larger one than the default freezes the signs.</summary>
    [Option("Weight of the reconstruction error L_R", Min = 0)]
    public double Mu { get; init; } = 1e-3;

    /// <summary>Second-order term, by its name.</summary>
    [Option("Second-order term: ggn, fisher-chunks:K (K up to the batch size), exact or none")]
    public string Curvature { get; init; } = "ggn";

    /// <summary>How D measures the distance of the tangents.</summary>
    [Option("How D measures the distance of the tangents")]
    public DistanceKind Distance { get; init; } = DistanceKind.Frobenius;

    /// <summary>Whether alpha is corrected by backtracking.</summary>
    [Option("Correct alpha by backtracking (decoupled optimisation)")]
    public bool Decoupled { get; init; } = true;

    /// <summary>tau: columns whose rank of R exceeds floor(8 tau) are corrected.</summary>
    [Option("tau: operations of a rank above floor(8 tau) are corrected", Min = 0, Max = 1)]
    public double BacktrackThreshold { get; init; } = 0.6;

    /// <summary>eta of the backtracking; null: the learning rate of alpha.</summary>
    [Option("eta of the backtracking", Min = 0, None = "the learning rate of alpha")]
    public double? BacktrackRate { get; init; }

    /// <summary>Learning rate of psi as a share of the learning rate of the weights.</summary>
    [Option("Learning rate of psi as a share of that of the weights", Min = 0)]
    public double PsiRate { get; init; } = 0.1;

    /// <summary>Largest OPs (FLOPs + BOPs/64) of the final network; null: no limit.</summary>
    [Option("Most OPs (FLOPs + BOPs/64) of the final network, as 600M or 1.2G", Above = 0, None = "no limit")]
    public double? MaxOps { get; init; }

    /// <summary>Largest memory of the final network's weights in Mbit; null: no limit.</summary>
    [Option("Most memory of the final network's weights in Mbit", Above = 0, None = "no limit")]
    public double? MaxMemoryMbit { get; init; }

    /// <summary>Largest flash of the final network's C; null: no limit.</summary>
    [OptionOf(typeof(ChipLimits), None = "no limit")]
    public double? MaxFlash { get; init; }

    /// <summary>Largest RAM of its values; null: no limit.</summary>
    [OptionOf(typeof(ChipLimits), None = "no limit")]
    public double? MaxRam { get; init; }

    /// <summary>Most instructions of an image; null: no limit.</summary>
    [OptionOf(typeof(ChipLimits), None = "no limit")]
    public double? MaxInstructions { get; init; }

    /// <summary>The processor of flash, RAM and instructions; null: that of <see cref="ChipLimits.DefaultCore"/> where there is a limit.</summary>
    [OptionOf(typeof(ChipLimits), None = $"{ChipLimits.DefaultCore} where there is a limit")]
    public string? Core { get; init; }

    /// <summary>Bits of the numbers between layers that they are about; null: 16.</summary>
    [OptionOf(typeof(ChipLimits), None = "16")]
    public int? Shortcuts { get; init; }

    /// <summary>Weight of the cost term in the loss of alpha while the expected cost is above a limit.</summary>
    [Option("Weight of the cost in the loss of alpha while a limit is exceeded", Min = 0)]
    public double BudgetWeight { get; init; } = 1;

    /// <summary>Channels of the final network, for its cost.</summary>
    [Option("Channels of the final network, for its cost", Min = 2, Max = 4096)]
    public int FinalChannels { get; init; } = 36;

    /// <summary>Cells of the final network, for its cost.</summary>
    [Option("Cells of the final network, for its cost", Min = 1, Max = 1000)]
    public int FinalCells { get; init; } = 20;

    /// <summary>Stem of the final network, for its cost: that of its training.</summary>
    [Option("Stem of the final network, for its cost: that of its training")]
    public StemKind FinalStem { get; init; } = StemKind.Cifar;

    /// <summary>Channels of that stem as a multiple of <see cref="FinalChannels"/>.</summary>
    [Option("Channels of that stem (cifar, half) as a multiple of `final_channels`", Min = 1, Max = 64)]
    public int FinalStemMultiplier { get; init; } = 3;

    /// <summary>What happens when a cell collapses to skip and pool.</summary>
    [Option("What happens when a cell collapses to skip and pool")]
    public GuardAction Guard { get; init; } = GuardAction.Warn;

    /// <summary>Share of skip and pool among the edges of the normal cell, or of both cells, from which a decided lead is a collapse.</summary>
    [Option("Share of skip and pool in the normal cell, or in both, that counts as a collapse once it is decided", Above = 0, Max = 1, Rule = "in (0, 1]")]
    public double CollapseShare { get; init; } = 0.75;

    /// <summary>Images of the architecture half on which supernet accuracy is measured after each epoch.</summary>
    [Option("Images on which supernet accuracy is measured after each epoch", Min = 1)]
    public int EvaluationImages { get; init; } = 1000;

    /// <summary>Pieces of a batch that run alone and are added up in a fixed tree, so that as many processes of MPI, or fewer, give the same bits.</summary>
    [Option("Pieces of a batch that run alone, each with the batch statistics of its own images, and are added up in a fixed order; a power of two", Min = 1, Max = Distributed.Shards.Most, CheckedByRule = true, Note = "mpirun -np N deals them to N processes (docs/cluster.md)")]
    public int Shards { get; init; } = 1;

    /// <summary>Where the networks are.</summary>
    [Option("cpu, cuda, cuda:N or auto")]
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch; 0 = all cores. A resumed run keeps the number.</summary>
    [Option("Threads of libtorch", Min = 0, Note = "0 = all cores; a resumed run keeps the number")]
    public int Threads { get; init; }

    /// <summary>Threads that prepare batches; does not change results.</summary>
    [Option("Threads that prepare batches", Min = 0, Max = 64, Note = "results do not depend on it", MayChange = true)]
    public int Workers { get; init; } = 1;

    /// <summary>Most minutes between two checkpoints; one is written after each epoch too.</summary>
    [Option("Most minutes between two checkpoints; one follows each epoch anyway", Min = 0, Note = "0 = after every step", MayChange = true)]
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>Limits in the units of a chip, and the chip.</summary>
    public ChipLimits Chip => new() { MaxFlash = MaxFlash, MaxRam = MaxRam, MaxInstructions = MaxInstructions, Core = Core, Shortcuts = Shortcuts };

    /// <summary>Whether the final network has any limit.</summary>
    internal bool IsLimited => MaxOps is not null || MaxMemoryMbit is not null || Chip.IsLimited;

    /// <summary>The size of the supernet for a data set.</summary>
    public SupernetOptions Supernet(int imageChannels, int classes) => new()
    {
        Cells = Cells,
        Channels = Channels,
        Stem = Stem,
        PartialChannels = PartialChannels,
        EdgeNormalization = EdgeNormalization,
        NormalizeCandidates = NormalizeCandidates,
        ImageChannels = imageChannels,
        Classes = classes,
    };

    /// <summary>The precision of the Child.</summary>
    public Precision ChildPrecision => new(Scheme, Scale, ActivationGradient);

    /// <summary>The weight of the tangent as the strategy uses it.</summary>
    public TangentWeight EffectiveTangent => !Row.UsesTangent ? TangentWeight.None : Lambda is { } lambda ? TangentWeight.OfLambda(lambda) : TangentWeight.OfShare(TangentShare);

    /// <summary>mu as the strategy uses it.</summary>
    public double EffectiveMu => Row.UsesReconstruction ? Mu : 0;

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var isSynthetic = Dataset == DatasetNames.Synthetic;
        var leastImages = isSynthetic ? 2 * SyntheticDataset.ClassCount : 2;
        return
        [
            .. OptionDeclaration.Problems(this),
            .. Chip.Problems(),
            .. Check(Stem != StemKind.ImageNet, "stem must be cifar or half, got image_net (for large images take a smaller image_size, and final_stem image_net)."),
            .. Check(FinalStem != StemKind.ImageNet || FinalChannels % 2 == 0, $"final_channels must be even with final_stem image_net, got {FinalChannels}."),
            .. Check(TrainImages is null || TrainImages >= leastImages, $"train_images must be at least {leastImages}{(isSynthetic ? " (two of each class of the synthetic images)" : "")}, got {TrainImages}."),
            .. Check(ImageSize >= 8 && ImageSize % SideMultiple == 0, $"image_size must be a multiple of {SideMultiple}{(Stem == StemKind.Half ? " with stem half" : "")} and at least 8, got {ImageSize}."),
            .. Check(Channels >= 2 && PartialChannels >= 1 && Channels % PartialChannels == 0 && Channels / PartialChannels >= 2,
                $"channels must be a multiple of partial_channels ({PartialChannels}) and at least twice it, got {Channels}."),
            .. Check(Scheme != BinarizationScheme.None, "scheme must be paper or release, got none (strategy parent searches a real-valued network)."),
            .. Check(!AlternatesPhases || Epochs < 1 || Epochs >= 2 * Rounds, $"epochs must be at least 2 x rounds ({2 * Rounds}), a Parent and a Child epoch per round, got {Epochs}."),
            .. Check(SelectionScore != SelectionScore.Discrepancy || AlternatesPhases, $"selection_score must be loss with strategy {Strategy.ToString().ToLowerInvariant()}: discrepancy needs a Parent and a Child (dcp, cp)."),
            .. Check(Restarts <= 1 || Guard == GuardAction.Warn, $"guard must be warn with restarts ({Restarts}): each starts with a fresh alpha, so that there is none to go back to, got {Guard.ToString().ToLowerInvariant()}."),
            .. Check(EvaluationImages >= FewestEvaluationImages, $"evaluation_images must be at least restarts x batch_size ({Restarts} x {BatchSize}) with selection sampled: the supernets of each restart score genotypes on a share of them, in full batches, got {EvaluationImages}."),
            .. Check(WeightRate > 0 && WeightRateEnd <= WeightRate, $"weight_rate must be above 0 and not below weight_rate_end, got {WeightRate} and {WeightRateEnd}."),
            .. Distributed.Shards.Problems(Shards, BatchSize),
            .. Check(Curvatures.Curvature.IsKnown(Curvature), $"curvature must be one of {Curvatures.Curvature.Known}, got '{Curvature}'."),
            .. Check(Curvatures.Curvature.ChunksOf(Curvature) is not { } chunks || chunks <= BatchSize / Math.Max(1, Shards), $"curvature must not ask for more chunks than batch_size{(Shards > 1 ? " / shards" : "")} ({BatchSize / Math.Max(1, Shards)}), got '{Curvature}'."),
        ];
    }

    /// <summary>Images by which genotypes are scored, at least: a batch for the supernets of each restart, where there are several.</summary>
    internal int FewestEvaluationImages => Selection == GenotypeSelection.Sampled && Restarts > 1 ? Restarts * BatchSize : 1;

    /// <summary>What the sides of images must be a multiple of.</summary>
    internal int SideMultiple => new SupernetOptions { Stem = Stem }.SideMultiple;

    /// <summary>Whether Parent and Child take turns.</summary>
    internal bool AlternatesPhases => Row.AlternatesPhases;

    /// <summary>These options for another strategy; one without a Parent and a Child knows no discrepancy and orders sampled genotypes by the loss.</summary>
    /// <param name="strategy">The strategy.</param>
    public SearchOptions With(SearchStrategy strategy) => this with
    {
        Strategy = strategy,
        SelectionScore = StrategyTable.Of(strategy).AlternatesPhases ? SelectionScore : SelectionScore.Loss,
    };

    /// <summary>What the strategy trains and listens to.</summary>
    public StrategyRow Row => StrategyTable.Of(Strategy);
}

/// <summary>Which candidates a step of a search computes.</summary>
public enum CandidatePaths
{
    /// <summary>All of them, mixed by alpha, as in DARTS.</summary>
    Mixed,

    /// <summary>One discrete network, drawn anew for every step from alpha: a step costs a small part, and shared weights learn to serve discrete networks (SPOS, arXiv:1904.00420; GDAS, arXiv:1910.04465).</summary>
    Sampled,
}

/// <summary>What happens when a cell collapses to skip and pool.</summary>
public enum GuardAction
{
    /// <summary>It is named, and the search goes on.</summary>
    Warn,

    /// <summary>The search stops at that epoch with the genotype of the last healthy one.</summary>
    Stop,

    /// <summary>alpha returns to the last healthy epoch and its learning rate is halved; at most three times.</summary>
    Rollback,
}

/// <summary>What sampled genotypes are ordered by.</summary>
public enum SelectionScore
{
    /// <summary>The cross entropy with the shared weights of the supernet that decides.</summary>
    Loss,

    /// <summary>What the Child's cross entropy is above the Parent's.</summary>
    Discrepancy,
}

/// <summary>How a search ends with a genotype.</summary>
public enum GenotypeSelection
{
    /// <summary>The strongest operations and edges by alpha, as in DARTS.</summary>
    Argmax,

    /// <summary>The operations without which the supernet loses most accuracy (arXiv:2108.04392).</summary>
    Perturbation,

    /// <summary>The best of genotypes drawn from alpha (by the loss, also changed step by step), scored with shared weights on held-out images.</summary>
    Sampled,
}
