using DcpNas.Binarization;
using DcpNas.SearchSpace;

namespace DcpNas.Search;

/// <summary>Settings of one architecture search. Immutable; the values used are saved with the run.</summary>
/// <remarks>Defaults follow DCP-NAS, and DARTS / PC-DARTS practice where the paper is silent.</remarks>
public sealed partial record SearchOptions
{
    /// <summary>How the genotype is found. Default dcp.</summary>
    public SearchStrategy Strategy { get; init; } = SearchStrategy.Dcp;

    /// <summary>Seed of everything random in the run. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>cifar10, cifar100, mnist, folder or synthetic. Default synthetic.</summary>
    public string Dataset { get; init; } = "synthetic";

    /// <summary>Folder of the data set; null: environment variable DCPNAS_DATA, then .data.</summary>
    public string? Data { get; init; }

    /// <summary>Training images used, split into a weight half and an architecture half; null: all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Side in pixels to which images of a folder are brought. Default 32.</summary>
    public int ImageSize { get; init; } = 32;

    /// <summary>Cells of the supernet, 3 or more: with fewer all are reduction cells. Default 8.</summary>
    public int Cells { get; init; } = 8;

    /// <summary>Channels of a node in the first cells. Default 16.</summary>
    public int Channels { get; init; } = 16;

    /// <summary>1/K of the channels go through the mixed operations; 1 = all. Default 1.</summary>
    public int PartialChannels { get; init; } = 1;

    /// <summary>Whether each edge has a weight of its own, normalised per node. Default false.</summary>
    public bool EdgeNormalization { get; init; }

    /// <summary>Whether every candidate ends with batch normalisation, so that all enter the mixed sum at the same size. Default true.</summary>
    public bool NormalizeCandidates { get; init; } = true;

    /// <summary>Which values of the Child are 1-bit: paper or release. Default paper.</summary>
    public BinarizationScheme Scheme { get; init; } = BinarizationScheme.Paper;

    /// <summary>Scale of a 1-bit convolution: learnable or mean_abs. Default learnable.</summary>
    public ScaleKind Scale { get; init; } = ScaleKind.Learnable;

    /// <summary>Surrogate gradient of the sign of activations: bi_real or straight_through. Default bi_real.</summary>
    public SignEstimator ActivationGradient { get; init; } = SignEstimator.BiReal;

    /// <summary>Which candidates a step of the weights computes: mixed or sampled. Default mixed.</summary>
    public WeightPaths WeightPaths { get; init; } = WeightPaths.Mixed;

    /// <summary>How the search ends with a genotype: argmax, perturbation or sampled. Default argmax.</summary>
    public GenotypeSelection Selection { get; init; } = GenotypeSelection.Argmax;

    /// <summary>Genotypes that selection = sampled scores, at least 2. Default 300.</summary>
    public int SelectionCandidates { get; init; } = 300;

    /// <summary>Passes over the weight half, Parent and Child together; with <see cref="Restarts"/> in each of them. Default 50.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Searches from fresh weights and a fresh alpha, each of <see cref="Epochs"/> epochs; their alphas are added at the end. Default 1.</summary>
    /// <remarks>
    /// Most of a logit follows the weights of the moment; what independent searches agree on remains. Adding logits multiplies the distributions over the operations.
    /// </remarks>
    public int Restarts { get; init; } = 1;

    /// <summary>Rounds of a Parent phase and a Child phase. Default 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Share of the epochs, from the start, that does not touch alpha; in [0, 1). Default 0.3.</summary>
    public double WarmupShare { get; init; } = 0.3;

    /// <summary>Images per step, for weights and for alpha. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>How the weights of both supernets are stepped: adamw or sgd. Default adamw: 1-bit weights need adaptive steps (arXiv:2106.11309).</summary>
    public OptimizerKind WeightOptimizer { get; init; } = OptimizerKind.Adamw;

    /// <summary>Learning rate of the weights at the start (cosine). Default 0.01, for adamw; sgd needs about 0.025.</summary>
    public double WeightRate { get; init; } = 0.01;

    /// <summary>Learning rate of the weights at the end. Default 0.001.</summary>
    public double WeightRateEnd { get; init; } = 0.001;

    /// <summary>Momentum of SGD. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of the weights. Default 3e-4.</summary>
    public double WeightDecay { get; init; } = 3e-4;

    /// <summary>Largest norm of the weight gradient. Default 5.</summary>
    public double GradientClip { get; init; } = 5;

    /// <summary>T: how far a logit of alpha can travel in one search of <see cref="Epochs"/> epochs, above 0. Default 3.6: the learning rate is T over the number of steps of alpha.</summary>
    /// <remarks>
    /// Adam moves a value by at most about its rate per step, so T bounds what a search can decide: the best of 8 operations reaches at most the
    /// probability <see cref="SearchSchedule.CeilingOfBest"/>. DARTS has 5.9, P-DARTS 2.3, PC-DARTS 2.1.
    /// </remarks>
    public double AlphaTravel { get; init; } = 3.6;

    /// <summary>Learning rate of alpha (Adam, beta 0.5 and 0.999); null: <see cref="AlphaTravel"/> over the steps of alpha.</summary>
    public double? ArchitectureRate { get; init; }

    /// <summary>Weight decay of alpha. Default 1e-3.</summary>
    public double ArchitectureWeightDecay { get; init; } = 1e-3;

    /// <summary>The tangent term's share of the step of the Child's alpha, in [0, 1): its norm over the sum of its norm and that of g_C. Default 0.35.</summary>
    /// <remarks>A weight without units: it means the same at another batch size, number of classes or distance. <see cref="Lambda"/> overrides it.</remarks>
    public double TangentShare { get; init; } = 0.35;

    /// <summary>Weight of the discrepancy D as the paper has it, at least 0 (its 1e-3 to 5e-3 leave the step as it is: D is a mean here); null: <see cref="TangentShare"/>.</summary>
    public double? Lambda { get; init; }

    /// <summary>Weight of the reconstruction error L_R summed over all layers, at least 0. Default 0.001: with L_R in the hundreds to thousands a larger one freezes the signs.</summary>
    public double Mu { get; init; } = 1e-3;

    /// <summary>Second-order term: ggn, fisher-chunks:K, exact or none. Default ggn.</summary>
    public string Curvature { get; init; } = "ggn";

    /// <summary>D: frobenius, l1 or cosine. Default frobenius.</summary>
    public DistanceKind Distance { get; init; } = DistanceKind.Frobenius;

    /// <summary>Whether alpha is corrected by backtracking. Default true.</summary>
    public bool Decoupled { get; init; } = true;

    /// <summary>tau: columns whose rank of R exceeds floor(8 tau) are corrected; in [0, 1]. Default 0.6.</summary>
    public double BacktrackThreshold { get; init; } = 0.6;

    /// <summary>eta of the backtracking; null: the learning rate of alpha.</summary>
    public double? BacktrackRate { get; init; }

    /// <summary>Learning rate of psi as a share of the learning rate of the weights. Default 0.1.</summary>
    public double PsiRate { get; init; } = 0.1;

    /// <summary>Largest OPs (FLOPs + BOPs/64) of the final network; null: no limit.</summary>
    public double? MaxOps { get; init; }

    /// <summary>Largest memory of the final network's weights in Mbit; null: no limit.</summary>
    public double? MaxMemoryMbit { get; init; }

    /// <summary>Weight of the cost term in the loss of alpha while the expected cost is above a limit. Default 1.</summary>
    public double BudgetWeight { get; init; } = 1;

    /// <summary>Channels of the final network, for its cost. Default 36.</summary>
    public int FinalChannels { get; init; } = 36;

    /// <summary>Cells of the final network, for its cost. Default 20.</summary>
    public int FinalCells { get; init; } = 20;

    /// <summary>What happens when a cell collapses to skip and pool: warn, stop or rollback. Default warn.</summary>
    public GuardAction Guard { get; init; } = GuardAction.Warn;

    /// <summary>Share of skip and pool among the edges of the normal cell, or of both cells, from which a decided lead is a collapse; in (0, 1]. Default 0.75.</summary>
    public double CollapseShare { get; init; } = 0.75;

    /// <summary>Images of the architecture half on which supernet accuracy is measured after each epoch. Default 1000.</summary>
    public int EvaluationImages { get; init; } = 1000;

    /// <summary>cpu, cuda, cuda:N or auto. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch; 0 = all cores. A resumed run keeps the number. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that prepare batches; does not change results. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Most minutes between two checkpoints; one is written after each epoch too. Default 5.</summary>
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>The size of the supernet for a data set.</summary>
    public SupernetOptions Supernet(int imageChannels, int classes) => new()
    {
        Cells = Cells,
        Channels = Channels,
        PartialChannels = PartialChannels,
        EdgeNormalization = EdgeNormalization,
        NormalizeCandidates = NormalizeCandidates,
        ImageChannels = imageChannels,
        Classes = classes,
    };

    /// <summary>The precision of the Child.</summary>
    public Precision ChildPrecision => new(Scheme, Scale, ActivationGradient);

    /// <summary>The weight of the tangent as the strategy uses it: none for all but dcp.</summary>
    public TangentWeight EffectiveTangent => Strategy != SearchStrategy.Dcp ? TangentWeight.None : Lambda is { } lambda ? TangentWeight.OfLambda(lambda) : TangentWeight.OfShare(TangentShare);

    /// <summary>mu as the strategy uses it: 0 for all but dcp.</summary>
    public double EffectiveMu => Strategy == SearchStrategy.Dcp ? Mu : 0;

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(DatasetIsKnown(), $"dataset must be one of {string.Join(", ", DcpNas.Data.DatasetNames.All)}, got '{Dataset}'.{Nearest.Hint(Dataset, DcpNas.Data.DatasetNames.All)}");
        Check(TrainImages is null || TrainImages >= LeastTrainImages(), $"train_images must be at least {LeastTrainImages()}{(IsSynthetic() ? " (two of each class of the synthetic images)" : "")}, got {TrainImages}.");
        Check(ImageSize >= 8 && ImageSize % 4 == 0, $"image_size must be a multiple of 4 and at least 8, got {ImageSize}.");
        Check(Cells is >= 3 and <= 100, $"cells must be from 3 (two reduction cells and a normal one) to 100, got {Cells}.");
        Check(PartialChannels >= 1, $"partial_channels must be at least 1, got {PartialChannels}.");
        Check(Channels >= 2 && PartialChannels >= 1 && Channels % PartialChannels == 0 && Channels / PartialChannels >= 2,
            $"channels must be a multiple of partial_channels ({PartialChannels}) and at least twice it, got {Channels}.");
        Check(Scheme != BinarizationScheme.None, "scheme must be paper or release, got none (strategy parent searches a real-valued network).");
        Check(Epochs >= 1, $"epochs must be at least 1, got {Epochs}.");
        Check(Rounds >= 1, $"rounds must be at least 1, got {Rounds}.");
        Check(Restarts is >= 1 and <= 100, $"restarts must be from 1 to 100, got {Restarts}.");
        Check(Restarts <= 1 || Guard == GuardAction.Warn, $"guard must be warn with restarts ({Restarts}): each starts with a fresh alpha, so that there is none to go back to, got {Guard.ToString().ToLowerInvariant()}.");
        Check(!AlternatesPhases || Epochs < 1 || Epochs >= 2 * Rounds, $"epochs must be at least 2 x rounds ({2 * Rounds}), a Parent and a Child epoch per round, got {Epochs}.");
        Check(WarmupShare is >= 0 and < 1, $"warmup_share must be in [0, 1), got {WarmupShare}.");
        Check(SelectionCandidates >= 2, $"selection_candidates must be at least 2, got {SelectionCandidates}.");
        Check(BatchSize >= 2, $"batch_size must be at least 2 (batch normalisation), got {BatchSize}.");
        Check(WeightRate > 0 && WeightRateEnd >= 0 && WeightRateEnd <= WeightRate, $"weight_rate must be above 0 and not below weight_rate_end, got {WeightRate} and {WeightRateEnd}.");
        Check(Momentum is >= 0 and < 1, $"momentum must be in [0, 1), got {Momentum}.");
        Check(WeightDecay >= 0, $"weight_decay must be at least 0, got {WeightDecay}.");
        Check(GradientClip > 0, $"gradient_clip must be above 0, got {GradientClip}.");
        Check(AlphaTravel > 0 && double.IsFinite(AlphaTravel), $"alpha_travel must be above 0, got {AlphaTravel}.");
        Check(ArchitectureRate is null or > 0, $"architecture_rate must be above 0, got {ArchitectureRate}.");
        Check(ArchitectureWeightDecay >= 0, $"architecture_weight_decay must be at least 0, got {ArchitectureWeightDecay}.");
        Check(TangentShare is >= 0 and < 1, $"tangent_share must be in [0, 1), got {TangentShare}.");
        Check(Lambda is null or >= 0, $"lambda must be at least 0, got {Lambda}.");
        Check(Mu >= 0, $"mu must be at least 0, got {Mu}.");
        Check(Curvatures.Curvature.IsKnown(Curvature), $"curvature must be one of {Curvatures.Curvature.Known}, got '{Curvature}'.");
        Check(Curvatures.Curvature.ChunksOf(Curvature) is not { } chunks || chunks <= BatchSize, $"curvature must not ask for more chunks than batch_size ({BatchSize}), got '{Curvature}'.");
        Check(BacktrackThreshold is >= 0 and <= 1, $"backtrack_threshold must be in [0, 1], got {BacktrackThreshold}.");
        Check(BacktrackRate is null or >= 0, $"backtrack_rate must be at least 0, got {BacktrackRate}.");
        Check(PsiRate >= 0, $"psi_rate must be at least 0, got {PsiRate}.");
        Check(MaxOps is null or > 0, $"max_ops must be above 0, got {MaxOps}.");
        Check(MaxMemoryMbit is null or > 0, $"max_memory_mbit must be above 0, got {MaxMemoryMbit}.");
        Check(BudgetWeight >= 0, $"budget_weight must be at least 0, got {BudgetWeight}.");
        Check(FinalChannels is >= 2 and <= 4096, $"final_channels must be from 2 to 4096, got {FinalChannels}.");
        Check(FinalCells is >= 1 and <= 1000, $"final_cells must be from 1 to 1000, got {FinalCells}.");
        Check(CollapseShare is > 0 and <= 1, $"collapse_share must be in (0, 1], got {CollapseShare}.");
        Check(EvaluationImages >= 1, $"evaluation_images must be at least 1, got {EvaluationImages}.");
        Check(Threads >= 0, $"threads must be at least 0, got {Threads}.");
        Check(Workers is >= 0 and <= 64, $"workers must be from 0 to 64, got {Workers}.");
        Check(CheckpointMinutes >= 0, $"checkpoint_minutes must be at least 0, got {CheckpointMinutes}.");
        return problems;

        bool DatasetIsKnown() => DcpNas.Data.DatasetNames.All.Contains(Dataset);

        bool IsSynthetic() => Dataset == DcpNas.Data.DatasetNames.Synthetic;

        int LeastTrainImages() => IsSynthetic() ? 2 * DcpNas.Data.SyntheticDataset.ClassCount : 2;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>Whether Parent and Child take turns.</summary>
    internal bool AlternatesPhases => Strategy is SearchStrategy.Dcp or SearchStrategy.Cp;
}
