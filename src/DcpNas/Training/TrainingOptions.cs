using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Networks;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Settings that the trainings of all tasks share: network, stages, optimiser, machine. Immutable; the values used are saved with the run.</summary>
/// <remarks>
/// Two-step training and its rates follow the final training of DCP-NAS, after ReActNet (arXiv:2003.03488); the rest is DARTS practice. A task derives its
/// options from these: the values of both stand side by side in options files and on the command line.
/// </remarks>
public abstract partial record TrainingOptions
{
    /// <summary>The cells: a file, a preset or the text form; the run keeps the text form. Needed by the architecture cells alone.</summary>
    public string? Genotype { get; init; }

    /// <summary>cells, birealnet18 or reactnet_a. Default cells.</summary>
    public string Architecture { get; init; } = NetworkNames.Cells;

    /// <summary>Width of the network; null: what the genotype file says, else that of its source (36, 64, 32). A run keeps the number.</summary>
    public int? Channels { get; init; }

    /// <summary>Cells in sequence; null: what the genotype file says, else 20. A run keeps the number.</summary>
    public int? Cells { get; init; }

    /// <summary>Channels of the CIFAR stem as a multiple of channels. Default 3.</summary>
    public int StemMultiplier { get; init; } = 3;

    /// <summary>Stem for small or for large images. Default cifar.</summary>
    public StemKind Stem { get; init; } = StemKind.Cifar;

    /// <summary>What is 1-bit; none trains the real-valued twin in one step. Default paper.</summary>
    public BinarizationScheme Scheme { get; init; } = BinarizationScheme.Paper;

    /// <summary>Scale of a 1-bit convolution: learnable or mean_abs. Default learnable.</summary>
    public ScaleKind Scale { get; init; } = ScaleKind.Learnable;

    /// <summary>Surrogate gradient of the sign of activations. Default bi_real.</summary>
    public SignEstimator ActivationGradient { get; init; } = SignEstimator.BiReal;

    /// <summary>Seed of everything random in the run. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Folder of the data set; null: environment variable DCPNAS_DATA, then .data.</summary>
    public string? Data { get; init; }

    /// <summary>Share of the training images that is held out to select the best network; above 0 to 0.5. Default 0.1.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Pixels of padding of the random crop; null: that of the data set.</summary>
    public int? CropPadding { get; init; }

    /// <summary>Whether images are mirrored at random; null: as the data set allows.</summary>
    public bool? Flip { get; init; }

    /// <summary>Whether a 1-bit network is trained in two steps: binary activations first, binary weights then. Default true.</summary>
    public bool TwoStep { get; init; } = true;

    /// <summary>Passes over the training images in the last step. Default 100.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Passes in step 1; null: as many as in the last step.</summary>
    public int? Step1Epochs { get; init; }

    /// <summary>Passes of a twin trained as teacher; null: as many as in the last step.</summary>
    public int? TeacherEpochs { get; init; }

    /// <summary>Images per batch, at least 2. Default 96.</summary>
    public int BatchSize { get; init; } = 96;

    /// <summary>Batches whose gradients make one step of the optimiser. Default 1.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>adamw or sgd. Default adamw.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adamw;

    /// <summary>Learning rate at the start. Default 1e-3.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Learning rate at the end. Default 1e-5.</summary>
    public double RateEnd { get; init; } = 1e-5;

    /// <summary>cosine or linear. Default cosine.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Epochs at the start of each step in which the rate rises from 0. Default 0.</summary>
    public int WarmupEpochs { get; init; }

    /// <summary>Momentum of SGD. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay while weights are real. Default 1e-5.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Weight decay once weights are 1-bit. Default 0: decay would push latent weights towards their sign's border.</summary>
    public double BinaryWeightDecay { get; init; }

    /// <summary>Largest norm of the gradient; null: no limit. Default 5.</summary>
    public double? GradientClip { get; init; } = 5;

    /// <summary>Probability with which a path of a cell is dropped at the end of a step; it grows from 0 in a line. Default 0.</summary>
    public double DropPath { get; init; }

    /// <summary>Decay per step of the average of the weights, which is then evaluated and saved; 0 = no average. Default 0.</summary>
    public double EmaDecay { get; init; }

    /// <summary>Weight of the reconstruction error L_R of 1-bit layers. Default 0.</summary>
    public double Mu { get; init; }

    /// <summary>A run or checkpoint, twin = the real-valued twin trained first by this run, or null for none.</summary>
    public string? Teacher { get; init; }

    /// <summary>Share of the teacher in the loss; the rest is that of the labels. Default 0.9.</summary>
    public double DistillationWeight { get; init; } = 0.9;

    /// <summary>Temperature of the teacher's probabilities. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>A run or checkpoint whose backbone the training starts from; null: fresh weights.</summary>
    public string? Backbone { get; init; }

    /// <summary>Images on which the statistics of batch normalisation are measured anew at the end; 0 = not. Default 2000.</summary>
    public int ReestimateImages { get; init; } = 2000;

    /// <summary>fp32, bf16 or fp16; the latter two on a GPU alone. Default fp32.</summary>
    public MixedPrecision Precision { get; init; } = MixedPrecision.Fp32;

    /// <summary>cpu, cuda, cuda:N or auto. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of libtorch; 0 = all cores. A resumed run keeps the number. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that prepare batches; does not change results. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Most minutes between two checkpoints; one is written after each epoch too. Default 5.</summary>
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>The largest <see cref="ValidationShare"/>.</summary>
    public const double LargestValidationShare = 0.5;

    /// <summary>The <see cref="Cells"/> where neither an option nor a genotype file says how many.</summary>
    public const int DefaultCells = 20;

    /// <summary>What <see cref="Teacher"/> says for a twin that this run trains first.</summary>
    public const string Twin = "twin";

    /// <summary>Whether the network has 1-bit weights in the end.</summary>
    public bool IsBinary => Scheme != BinarizationScheme.None;

    /// <summary>Whether this run trains its own teacher.</summary>
    public bool TrainsTwin => Teacher == Twin;

    /// <summary>The type that <see cref="Precision"/> stands for.</summary>
    public ScalarType ComputeType => Precision switch
    {
        MixedPrecision.Bf16 => ScalarType.BFloat16,
        MixedPrecision.Fp16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    /// <summary>Whether an auxiliary head helps in training, where task and backbone have one.</summary>
    public virtual bool HasAuxiliaryHead => false;

    /// <summary>Epochs of the shortest step: each of them warms up anew.</summary>
    private int ShortestStep => new[] { Epochs, IsBinary && TwoStep ? Step1Epochs ?? Epochs : Epochs, TrainsTwin ? TeacherEpochs ?? Epochs : Epochs }.Min();

    /// <summary>Opens the images that these options name and binds the task to them.</summary>
    /// <param name="device">Where its batches go.</param>
    /// <exception cref="OptionsException">Options do not fit the images.</exception>
    /// <exception cref="InputException">The data are missing or damaged.</exception>
    public abstract IBoundTask Bind(Device device);

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(NetworkNames.All.Contains(Architecture), $"architecture must be one of {string.Join(", ", NetworkNames.All)}, got '{Architecture}'.");
        Check(Architecture != NetworkNames.Cells || Genotype is not null, "genotype must be given for the architecture cells: a file, a preset or the text form.");
        Check(Architecture == NetworkNames.Cells || Genotype is null, $"genotype must be absent from the architecture {Architecture}.");
        Check(ValidationShare is > 0 and <= LargestValidationShare, $"validation_share must be above 0 and at most 0.5, got {ValidationShare}.");
        Check(CropPadding is null or >= 0, $"crop_padding must be at least 0, got {CropPadding}.");
        Check(Epochs >= 1, $"epochs must be at least 1, got {Epochs}.");
        Check(Step1Epochs is null or >= 1, $"step1_epochs must be at least 1, got {Step1Epochs}.");
        Check(TeacherEpochs is null or >= 1, $"teacher_epochs must be at least 1, got {TeacherEpochs}.");
        Check(BatchSize >= 2, $"batch_size must be at least 2 (batch normalisation), got {BatchSize}.");
        Check(Accumulate >= 1, $"accumulate must be at least 1, got {Accumulate}.");
        Check(Rate > 0 && RateEnd >= 0 && RateEnd <= Rate, $"rate must be above 0 and not below rate_end, got {Rate} and {RateEnd}.");
        Check(WarmupEpochs >= 0, $"warmup_epochs must be at least 0, got {WarmupEpochs}.");
        Check(WarmupEpochs < int.Max(1, ShortestStep), $"warmup_epochs must be less than the {ShortestStep} {(ShortestStep == 1 ? "epoch" : "epochs")} of the shortest step, got {WarmupEpochs}.");
        Check(Momentum is >= 0 and < 1, $"momentum must be in [0, 1), got {Momentum}.");
        Check(WeightDecay >= 0, $"weight_decay must be at least 0, got {WeightDecay}.");
        Check(BinaryWeightDecay >= 0, $"binary_weight_decay must be at least 0, got {BinaryWeightDecay}.");
        Check(GradientClip is null or > 0, $"gradient_clip must be above 0, got {GradientClip}.");
        problems.AddRange(TaskProblems());
        Check(DropPath is >= 0 and < 1, $"drop_path must be in [0, 1), got {DropPath}.");
        Check(EmaDecay is >= 0 and < 1, $"ema_decay must be in [0, 1), got {EmaDecay}.");
        Check(Mu >= 0, $"mu must be at least 0, got {Mu}.");
        Check(Teacher is not "", "teacher must be a run, a checkpoint, twin or none, got nothing.");
        Check(IsBinary || !TrainsTwin, "teacher must not be twin with scheme none: the network is that twin itself.");
        Check(ReestimateImages >= 0, $"reestimate_images must be at least 0, got {ReestimateImages}.");
        Check(Threads >= 0, $"threads must be at least 0, got {Threads}.");
        Check(Workers is >= 0 and <= 64, $"workers must be from 0 to 64, got {Workers}.");
        Check(CheckpointMinutes >= 0, $"checkpoint_minutes must be at least 0, got {CheckpointMinutes}.");
        return problems;

        void Check(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>Everything wrong with the values that the task adds, one sentence each.</summary>
    protected abstract IReadOnlyList<string> TaskProblems();
}
