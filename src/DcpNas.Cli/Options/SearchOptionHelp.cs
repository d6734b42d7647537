using DcpNas.Search;

namespace DcpNas.Cli.Options;

/// <summary>What the help says about each option of a search: meaning and range; the default is added from <see cref="SearchOptions"/>.</summary>
internal static class SearchOptionHelp
{
    /// <summary>The options of a search for a command.</summary>
    public static OptionSet<SearchOptions> Set() => new(Texts, SearchOptions.Load, SearchOptions.FromJson);

    /// <summary>One text per property of <see cref="SearchOptions"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        [nameof(SearchOptions.Strategy)] = "How the genotype is found",
        [nameof(SearchOptions.Seed)] = "Seed of everything random",
        [nameof(SearchOptions.Dataset)] = "Data set: cifar10, cifar100, mnist, folder or synthetic",
        [nameof(SearchOptions.Data)] = "Folder of the data set, laid out as docs/datasets.md says; without it DCPNAS_DATA, then .data",
        [nameof(SearchOptions.TrainImages)] = "Training images to use, half for weights and half for alpha; two or more of each class; none = all",
        [nameof(SearchOptions.ImageSize)] = "Side in pixels of the images of a folder; a multiple of 4, 8 or more",
        [nameof(SearchOptions.Cells)] = "Cells of the supernet; 3 to 100",
        [nameof(SearchOptions.Channels)] = "Channels of a node in the first cells; a multiple of --partial-channels",
        [nameof(SearchOptions.PartialChannels)] = "1/K of the channels go through the mixed operations; 1 = all; 4 is about 3 times faster",
        [nameof(SearchOptions.EdgeNormalization)] = "Give each edge a weight of its own",
        [nameof(SearchOptions.NormalizeCandidates)] = "Normalise every candidate over the batch before it enters the mixed sum, so that none owns it by its size",
        [nameof(SearchOptions.Scheme)] = "What is 1-bit in the Child: all convolutions of the cells (paper), or activations of pointwise ones only (release)",
        [nameof(SearchOptions.Scale)] = "Scale beta of 1-bit convolutions",
        [nameof(SearchOptions.ActivationGradient)] = "Gradient that stands in for that of the sign of activations",
        [nameof(SearchOptions.WeightPaths)] = "What a step of the weights computes: all candidates mixed by alpha, or one discrete network drawn from alpha (cheap)",
        [nameof(SearchOptions.Selection)] = "How the genotype is chosen at the end: by alpha alone (argmax), by the loss without each operation (perturbation), or the best of sampled genotypes by the Child's shared weights",
        [nameof(SearchOptions.SelectionCandidates)] = "Genotypes that --selection sampled scores; 2 or more",
        [nameof(SearchOptions.Epochs)] = "Passes over the weight half, Parent and Child together; at least 2 x rounds",
        [nameof(SearchOptions.Restarts)] = "Searches from fresh weights, each of --epochs epochs, whose alphas are added: what they agree on decides; 1 to 100",
        [nameof(SearchOptions.Rounds)] = "Rounds of a Parent phase and a Child phase; 1 or more",
        [nameof(SearchOptions.WarmupShare)] = "Share of the epochs, from the start, that leaves alpha alone; 0 to below 1",
        [nameof(SearchOptions.BatchSize)] = "Images per step; 2 or more",
        [nameof(SearchOptions.WeightOptimizer)] = "How the weights of both supernets are stepped",
        [nameof(SearchOptions.WeightRate)] = "Learning rate of the weights at the start (cosine); above 0",
        [nameof(SearchOptions.WeightRateEnd)] = "Learning rate of the weights at the end; 0 or more",
        [nameof(SearchOptions.Momentum)] = "Momentum of SGD; 0 to below 1",
        [nameof(SearchOptions.WeightDecay)] = "Weight decay of the weights; 0 or more",
        [nameof(SearchOptions.GradientClip)] = "Largest norm of the weight gradient; above 0",
        [nameof(SearchOptions.AlphaTravel)] = "T: how far a logit of alpha can travel in the whole search; above 0; below 1 no operation can win",
        [nameof(SearchOptions.ArchitectureRate)] = "Learning rate of alpha (Adam); above 0; none = --alpha-travel over the number of its steps",
        [nameof(SearchOptions.ArchitectureWeightDecay)] = "Weight decay of alpha; 0 or more",
        [nameof(SearchOptions.TangentShare)] = "Share of the Parent's tangent in the step of the Child's alpha, by its norm; 0 to below 1; 0 = none",
        [nameof(SearchOptions.Lambda)] = "Weight of the discrepancy D as the paper has it, instead of --tangent-share; 0 or more",
        [nameof(SearchOptions.Mu)] = "Weight of the reconstruction error L_R; 0 or more",
        [nameof(SearchOptions.Curvature)] = "Second-order term: ggn, fisher-chunks:K (K up to the batch size), exact or none",
        [nameof(SearchOptions.Distance)] = "How D measures the distance of the tangents",
        [nameof(SearchOptions.Decoupled)] = "Correct alpha by backtracking (decoupled optimisation)",
        [nameof(SearchOptions.BacktrackThreshold)] = "tau: operations of a rank above floor(8 tau) are corrected; 0 to 1",
        [nameof(SearchOptions.BacktrackRate)] = "eta of the backtracking; 0 or more; none = the learning rate of alpha",
        [nameof(SearchOptions.PsiRate)] = "Learning rate of psi as a share of that of the weights; 0 or more",
        [nameof(SearchOptions.MaxOps)] = "Most OPs (FLOPs + BOPs/64) of the final network, as 600M or 1.2G; none = no limit",
        [nameof(SearchOptions.MaxMemoryMbit)] = "Most memory of the final network's weights in Mbit; none = no limit",
        [nameof(SearchOptions.BudgetWeight)] = "Weight of the cost in the loss of alpha while a limit is exceeded; 0 or more",
        [nameof(SearchOptions.FinalChannels)] = "Channels of the final network, for its cost; 2 to 4096",
        [nameof(SearchOptions.FinalCells)] = "Cells of the final network, for its cost; 1 to 1000",
        [nameof(SearchOptions.Guard)] = "What happens when a cell collapses to skip and pool",
        [nameof(SearchOptions.CollapseShare)] = "Share of skip and pool in the normal cell, or in both, that counts as a collapse once it is decided; above 0 to 1",
        [nameof(SearchOptions.EvaluationImages)] = "Images on which supernet accuracy is measured after each epoch; 1 or more",
        [nameof(SearchOptions.Device)] = "cpu, cuda, cuda:N or auto",
        [nameof(SearchOptions.Threads)] = "Threads of libtorch; 0 = all cores; a resumed run keeps the number",
        [nameof(SearchOptions.Workers)] = "Threads that prepare batches; 0 to 64; results do not depend on it",
        [nameof(SearchOptions.CheckpointMinutes)] = "Most minutes between two checkpoints; one follows each epoch anyway; 0 = after every step",
    };
}
