using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Cost;
using DcpNas.Data;
using DcpNas.Distributed;
using DcpNas.Networks;
using DcpNas.Tasks;
using static DcpNas.Foundation.OptionRules;
using static TorchSharp.torch;

namespace DcpNas.Training;

/// <summary>Settings that the trainings of all tasks share: network, stages, optimiser, machine. Immutable; the values used are saved with the run.</summary>
/// <remarks>
/// Two-step training and its rates follow the final training of DCP-NAS, after ReActNet (arXiv:2003.03488); the rest is DARTS practice. A task derives its
/// options from these: the values of both stand side by side in options files and on the command line.
/// </remarks>
public abstract record TrainingOptions
{
    private readonly string _task;

    /// <summary>Creates the defaults of a task.</summary>
    /// <param name="task">Its name, one of <see cref="TaskNames"/>.</param>
    protected TrainingOptions(string task) => (_task, Task) = (task, task);

    /// <summary>The name of the task whose options these are.</summary>
    [Option("Task", Names = typeof(TaskNames))]
    public string Task { get; init; }

    /// <summary>The cells: a file, a preset or the text form; the run keeps the text form. Needed by the architecture cells alone.</summary>
    [Option("Genotype: file, preset (see genotype list) or text form; for the architecture cells")]
    public string? Genotype { get; init; }

    /// <summary>The network, by its name.</summary>
    [Option("Network", Names = typeof(NetworkNames))]
    public string Architecture { get; init; } = NetworkNames.Cells;

    /// <summary>Width of the network; null: what the genotype file says, else that of its source (36, 64, 32). A run keeps the number.</summary>
    [Option("Width of the network", None = "that of the genotype file, else 36, 64 or 32 by architecture")]
    public int? Channels { get; init; }

    /// <summary>Cells in sequence; null: what the genotype file says, else 20. A run keeps the number.</summary>
    [Option("Cells in sequence", Min = 1, Max = 1000, None = "those of the genotype file, else 20")]
    public int? Cells { get; init; }

    /// <summary>Channels of the stem (CIFAR, half) as a multiple of channels.</summary>
    [Option("Channels of the stem (cifar, half) as a multiple of `channels`", Min = 1, Max = 64)]
    public int StemMultiplier { get; init; } = 3;

    /// <summary>Stem for small or for large images.</summary>
    [Option("What stands before the cells: for small images, for large ones (divides their size by 8), or for small ones on small processors (half: divides it by 2)")]
    public StemKind Stem { get; init; } = StemKind.Cifar;

    /// <summary>What is 1-bit; none trains the real-valued counterpart in one step.</summary>
    [Option("What is 1-bit: all convolutions of the cells (paper), activations of pointwise ones only (release), nothing (none: the real-valued counterpart)")]
    public BinarizationScheme Scheme { get; init; } = BinarizationScheme.Paper;

    /// <summary>Scale of a 1-bit convolution.</summary>
    [Option("Scale beta of 1-bit convolutions")]
    public ScaleKind Scale { get; init; } = ScaleKind.Learnable;

    /// <summary>Surrogate gradient of the sign of activations.</summary>
    [Option("Gradient that stands in for that of the sign of activations")]
    public SignEstimator ActivationGradient { get; init; } = SignEstimator.BiReal;

    /// <summary>Seed of everything random in the run.</summary>
    [Option("Seed of everything random")]
    public int Seed { get; init; }

    /// <summary>The data set, one of those of the task.</summary>
    public abstract string Dataset { get; init; }

    /// <summary>Folder of the data set; null: environment variable DCPNAS_DATA, then .data.</summary>
    [Option("Folder of the data set, laid out as docs/datasets.md says; without it DCPNAS_DATA, then .data", MayChange = true)]
    public string? Data { get; init; }

    /// <summary>Share of the training images that is held out to select the best network.</summary>
    [Option("Share of the training images that is held out to select the best network", Above = 0, Max = LargestValidationShare)]
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Pixels of padding of the random crop; null: that of the data set.</summary>
    [Option("Padding of the random crop in pixels", Min = 0, None = "as usual for the data set", Note = "0 = no crop")]
    public int? CropPadding { get; init; }

    /// <summary>Whether images are mirrored at random; null: as the data set allows.</summary>
    [Option("Mirror images at random: true, false", None = "as usual for the data set")]
    public bool? Flip { get; init; }

    /// <summary>Whether a 1-bit network is trained in two steps: binary activations first, binary weights then.</summary>
    [Option("Train 1-bit activations first and 1-bit weights then; false = both at once")]
    public bool TwoStep { get; init; } = true;

    /// <summary>Passes over the training images in the last step.</summary>
    [Option("Passes over the training images in the last step", Min = 1)]
    public int Epochs { get; init; } = 100;

    /// <summary>Passes in step 1; null: as many as in the last step.</summary>
    [Option("Passes in step 1", Min = 1, None = "as many as `epochs`")]
    public int? Step1Epochs { get; init; }

    /// <summary>Passes of a real-valued counterpart trained as teacher; null: as many as in the last step.</summary>
    [Option("Passes of the real-valued counterpart that is trained as teacher", Min = 1, None = "as many as `epochs`")]
    public int? TeacherEpochs { get; init; }

    /// <summary>Images per batch.</summary>
    [Option("Images per batch", Min = 2, Reason = "batch normalisation")]
    public int BatchSize { get; init; } = 96;

    /// <summary>Batches whose gradients make one step of the optimiser.</summary>
    [Option("Batches whose gradients make one step", Min = 1)]
    public int Accumulate { get; init; } = 1;

    /// <summary>How weights are stepped.</summary>
    [Option("How weights are stepped")]
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adamw;

    /// <summary>Learning rate at the start.</summary>
    [Option("Learning rate at the start of each step", Above = 0, CheckedByRule = true)]
    public double Rate { get; init; } = 1e-3;

    /// <summary>Learning rate at the end.</summary>
    [Option("Learning rate at its end", Min = 0, Note = "at most `rate`")]
    public double RateEnd { get; init; } = 1e-5;

    /// <summary>How the learning rate falls.</summary>
    [Option("How the learning rate falls")]
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Epochs at the start of each step in which the rate rises from 0.</summary>
    [Option("Epochs at the start of each step in which the learning rate rises from 0", Min = 0, Note = "less than the epochs of the step")]
    public int WarmupEpochs { get; init; }

    /// <summary>Momentum of SGD.</summary>
    [Option("Momentum of SGD", Min = 0, Below = 1)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay while weights are real.</summary>
    [Option("Weight decay while weights are real", Min = 0)]
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Weight decay once weights are 1-bit. By default none: decay would push latent weights towards their sign's border.</summary>
    [Option("Weight decay once weights are 1-bit", Min = 0)]
    public double BinaryWeightDecay { get; init; }

    /// <summary>Largest norm of the gradient; null: no limit.</summary>
    [Option("Largest norm of the gradient", Above = 0, None = "no limit")]
    public double? GradientClip { get; init; } = 5;

    /// <summary>Probability with which a path of a cell is dropped at the end of a step; it grows from 0 in a line.</summary>
    [Option("Probability of dropping a path of a cell at the end of a step, growing from 0", Min = 0, Below = 1)]
    public double DropPath { get; init; }

    /// <summary>Decay per step of the average of the weights, which is then evaluated and saved; 0 = no average.</summary>
    [Option("Decay of the average of the weights that is evaluated and saved", Min = 0, Below = 1, Note = "0 = no average")]
    public double EmaDecay { get; init; }

    /// <summary>Weight of the reconstruction error L_R of 1-bit layers.</summary>
    [Option("Weight of the reconstruction error L_R", Min = 0)]
    public double Mu { get; init; }

    /// <summary>A run or checkpoint, full_precision = the real-valued counterpart trained first by this run, or null for none.</summary>
    [Option("Teacher: a run or checkpoint of train; full_precision = the real-valued counterpart, trained first by this run", RenamedValue = $"twin={FullPrecision}")]
    public string? Teacher { get; init; }

    /// <summary>Share of the teacher in the loss; the rest is that of the labels.</summary>
    [Option("Share of the teacher in the loss, the rest is that of the labels", Min = 0, Max = 1, CheckedByRule = true)]
    public double DistillationWeight { get; init; } = 0.9;

    /// <summary>Temperature of the teacher's probabilities.</summary>
    [Option("Temperature of the teacher's probabilities", Above = 0, Finite = true, CheckedByRule = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>A run or checkpoint whose backbone the training starts from; null: fresh weights.</summary>
    [Option("Run or checkpoint whose backbone the training starts from; classes and image size may differ")]
    public string? Backbone { get; init; }

    /// <summary>Images on which the statistics of batch normalisation are measured anew at the end; 0 = not.</summary>
    [Option("Images on which statistics of batch normalisation are measured anew at the end", Min = 0, Note = "0 = not")]
    public int ReestimateImages { get; init; } = 2000;

    /// <summary>The type in which the network is computed; those of 16 bits on a GPU alone.</summary>
    [Option("Type in which a GPU computes")]
    public MixedPrecision Precision { get; init; } = MixedPrecision.Fp32;

    /// <summary>Pieces of a batch that run alone and are added up in a fixed tree, so that as many processes of MPI, or fewer, give the same bits.</summary>
    [Option("Pieces of a batch that run alone, each with the batch statistics of its own images, and are added up in a fixed order; a power of two", Min = 1, Max = Distributed.Shards.Most, CheckedByRule = true, Note = "mpirun -np N deals them to N processes (docs/cluster.md)")]
    public int Shards { get; init; } = 1;

    /// <summary>Where the network is.</summary>
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

    /// <summary>The largest <see cref="ValidationShare"/>.</summary>
    public const double LargestValidationShare = 0.5;

    /// <summary>The key that names the task.</summary>
    internal const string TaskKey = "task";

    /// <summary>The <see cref="Cells"/> where neither an option nor a genotype file says how many.</summary>
    public const int DefaultCells = 20;

    /// <summary>What <see cref="Teacher"/> says for a real-valued counterpart that this run trains first.</summary>
    public const string FullPrecision = "full_precision";

    /// <summary>Whether the network has 1-bit weights in the end.</summary>
    public bool IsBinary => Scheme != BinarizationScheme.None;

    /// <summary>Whether this run trains its own teacher.</summary>
    public bool TrainsTeacher => Teacher == FullPrecision;

    /// <summary>The type that <see cref="Precision"/> stands for.</summary>
    public ScalarType ComputeType => Precision switch
    {
        MixedPrecision.Bf16 => ScalarType.BFloat16,
        MixedPrecision.Fp16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    /// <summary>Options that may differ when a run is resumed, because they change nothing that it computes.</summary>
    public static IReadOnlyCollection<string> MayChange { get; } = OptionDeclaration.KeysThatMayChange(typeof(TrainingOptions));

    /// <summary>What options meant in run folders of versions that did not have them: a run of another task than the default did not name it.</summary>
    internal JsonObject BeforeExisting
    {
        get
        {
            var values = new JsonObject();
            if (Task != TaskNames.Default)
            {
                values[TaskKey] = Task;
            }

            if (Shards != 1)
            {
                values[Distributed.Shards.Key] = 1;
            }

            return values;
        }
    }

    /// <summary>Whether batches can be made of any number of images.</summary>
    internal virtual bool TakesAnyBatchSize => true;

    /// <summary>Whether an auxiliary head helps in training, where task and backbone have one.</summary>
    public virtual bool HasAuxiliaryHead => false;

    /// <summary>Epochs of the shortest step: each of them warms up anew.</summary>
    private int ShortestStep => new[] { Epochs, IsBinary && TwoStep ? Step1Epochs ?? Epochs : Epochs, TrainsTeacher ? TeacherEpochs ?? Epochs : Epochs }.Min();

    /// <summary>Opens the images that these options name and binds the task to them.</summary>
    /// <param name="device">Where its batches go.</param>
    /// <exception cref="OptionsException">Options do not fit the images.</exception>
    /// <exception cref="InputException">The data are missing or damaged.</exception>
    public abstract IBoundTask Bind(Device device);

    /// <summary>These options with other images, at the size that a network reads.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="data">Its folder.</param>
    /// <param name="size">What the network reads.</param>
    /// <param name="isOther">Whether they are not those of the training, so that its numbers of images do not apply: all are taken.</param>
    internal abstract TrainingOptions On(string dataset, string? data, Preprocessing size, bool isOther);

    /// <summary>Everything wrong with these options, one sentence each; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() =>
    [
        .. OptionDeclaration.Problems(this),
        .. Check(Task == _task || !TaskNames.All.Contains(Task), $"task must be {_task} here, got '{Task}'."),
        .. Check(Architecture != NetworkNames.Cells || Genotype is not null, "genotype must be given for the architecture cells: a file, a preset or the text form."),
        .. Check(Architecture == NetworkNames.Cells || Genotype is null, $"genotype must be absent from the architecture {Architecture}."),
        .. Check(Rate > 0 && RateEnd <= Rate, $"rate must be above 0 and not below rate_end, got {Rate} and {RateEnd}."),
        .. Check(WarmupEpochs < int.Max(1, ShortestStep),
            $"warmup_epochs must be less than the {ShortestStep} {(ShortestStep == 1 ? "epoch" : "epochs")} of the shortest step, got {WarmupEpochs}."),
        .. Distributed.Shards.Problems(Shards, BatchSize),
        .. TaskProblems(),
        .. Check(Teacher is not "", "teacher must be a run, a checkpoint, full_precision or none, got nothing."),
        .. Check(IsBinary || !TrainsTeacher, "teacher must not be full_precision with scheme none: the network is that counterpart itself."),
    ];

    /// <summary>Every value, defaults included, so that the run can be repeated from the file alone. The default task and a single shard are left out, as in files of versions that knew no others.</summary>
    public JsonObject ToJson()
    {
        var json = OptionsJson.Write(this);
        if (Task == TaskNames.Default)
        {
            json.Remove(TaskKey);
        }

        if (Shards == 1)
        {
            json.Remove(Distributed.Shards.Key);
        }

        return json;
    }

    /// <summary>What the data of every task are told.</summary>
    /// <param name="device">Where batches go; null is the CPU.</param>
    protected TaskDataOptions CommonDataOn(Device? device) => new()
    {
        BatchSize = BatchSize,
        Seed = Seed,
        ValidationShare = ValidationShare,
        Workers = Workers,
        Shards = Distributed.Shards.Of(Shards, Collective.Current),
        Device = device,
    };

    /// <summary>What is wrong with the values that the task adds, taken together, one sentence each.</summary>
    protected abstract IEnumerable<string> TaskProblems();
}

/// <summary>How the learning rate falls from its start to its end.</summary>
public enum ScheduleKind
{
    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
