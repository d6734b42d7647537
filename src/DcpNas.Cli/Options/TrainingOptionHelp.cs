using DcpNas.Training;

namespace DcpNas.Cli.Options;

/// <summary>What the help says about the options that all trainings share: meaning and range; the default is added by the option set.</summary>
internal static class TrainingOptionHelp
{
    /// <summary>One text per property of <see cref="TrainingOptions"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        [nameof(TrainingOptions.Genotype)] = "Genotype: file, preset (see genotype list) or text form; for the architecture cells",
        [nameof(TrainingOptions.Architecture)] = "Network: cells, birealnet18 or reactnet_a",
        [nameof(TrainingOptions.Channels)] = "Width of the network; none = that of the genotype file, else 36, 64 or 32 by architecture",
        [nameof(TrainingOptions.Cells)] = "Cells in sequence; 1 to 1000; none = those of the genotype file, else 20",
        [nameof(TrainingOptions.StemMultiplier)] = "Channels of the CIFAR stem as a multiple of --channels; 1 to 64",
        [nameof(TrainingOptions.Stem)] = "What stands before the cells: for small images, or for large ones (divides their size by 8)",
        [nameof(TrainingOptions.Scheme)] = "What is 1-bit: all convolutions of the cells (paper), activations of pointwise ones only (release), nothing (none: the real-valued twin)",
        [nameof(TrainingOptions.Scale)] = "Scale beta of 1-bit convolutions",
        [nameof(TrainingOptions.ActivationGradient)] = "Gradient that stands in for that of the sign of activations",
        [nameof(TrainingOptions.Seed)] = "Seed of everything random",
        [nameof(TrainingOptions.Data)] = "Folder of the data set, laid out as docs/datasets.md says; without it DCPNAS_DATA, then .data",
        [nameof(TrainingOptions.ValidationShare)] = "Share of the training images that is held out to select the best network; above 0 to 0.5",
        [nameof(TrainingOptions.CropPadding)] = "Padding of the random crop in pixels; 0 = no crop; none = as usual for the data set",
        [nameof(TrainingOptions.Flip)] = "Mirror images at random: true, false; none = as usual for the data set",
        [nameof(TrainingOptions.TwoStep)] = "Train 1-bit activations first and 1-bit weights then; false = both at once",
        [nameof(TrainingOptions.Epochs)] = "Passes over the training images in the last step; 1 or more",
        [nameof(TrainingOptions.Step1Epochs)] = "Passes in step 1; none = as many as --epochs",
        [nameof(TrainingOptions.TeacherEpochs)] = "Passes of the twin that is trained as teacher; none = as many as --epochs",
        [nameof(TrainingOptions.BatchSize)] = "Images per batch; 2 or more",
        [nameof(TrainingOptions.Accumulate)] = "Batches whose gradients make one step; 1 or more",
        [nameof(TrainingOptions.Optimizer)] = "How weights are stepped",
        [nameof(TrainingOptions.Rate)] = "Learning rate at the start of each step; above 0",
        [nameof(TrainingOptions.RateEnd)] = "Learning rate at its end; 0 to --rate",
        [nameof(TrainingOptions.Schedule)] = "How the learning rate falls",
        [nameof(TrainingOptions.WarmupEpochs)] = "Epochs at the start of each step in which the learning rate rises from 0; 0 or more, less than the epochs of the step",
        [nameof(TrainingOptions.Momentum)] = "Momentum of SGD; 0 to below 1",
        [nameof(TrainingOptions.WeightDecay)] = "Weight decay while weights are real; 0 or more",
        [nameof(TrainingOptions.BinaryWeightDecay)] = "Weight decay once weights are 1-bit; 0 or more",
        [nameof(TrainingOptions.GradientClip)] = "Largest norm of the gradient; above 0; none = no limit",
        [nameof(TrainingOptions.DropPath)] = "Probability of dropping a path of a cell at the end of a step, growing from 0; 0 to below 1",
        [nameof(TrainingOptions.EmaDecay)] = "Decay of the average of the weights that is evaluated and saved; 0 = no average; below 1",
        [nameof(TrainingOptions.Mu)] = "Weight of the reconstruction error L_R; 0 or more",
        [nameof(TrainingOptions.Teacher)] = "Teacher: a run or checkpoint of train; twin = the real-valued twin, trained first by this run",
        [nameof(TrainingOptions.DistillationWeight)] = "Share of the teacher in the loss, the rest is that of the labels; 0 to 1",
        [nameof(TrainingOptions.Temperature)] = "Temperature of the teacher's probabilities; above 0",
        [nameof(TrainingOptions.Backbone)] = "Run or checkpoint whose backbone the training starts from; classes and image size may differ",
        [nameof(TrainingOptions.ReestimateImages)] = "Images on which statistics of batch normalisation are measured anew at the end; 0 = not",
        [nameof(TrainingOptions.Precision)] = "Type in which a GPU computes",
        [nameof(TrainingOptions.Device)] = "cpu, cuda, cuda:N or auto",
        [nameof(TrainingOptions.Threads)] = "Threads of libtorch; 0 = all cores; a resumed run keeps the number",
        [nameof(TrainingOptions.Workers)] = "Threads that prepare batches; 0 to 64; results do not depend on it",
        [nameof(TrainingOptions.CheckpointMinutes)] = "Most minutes between two checkpoints; one follows each epoch anyway; 0 = after every step",
    };
}
