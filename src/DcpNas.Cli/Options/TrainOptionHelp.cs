using DcpNas.Training;

namespace DcpNas.Cli.Options;

/// <summary>What the help says about each option of a training: meaning and range; the default is added from <see cref="TrainOptions"/>.</summary>
internal static class TrainOptionHelp
{
    /// <summary>The options of a training for a command.</summary>
    public static OptionSet<TrainOptions> Set() => new(Texts, TrainOptions.Load, TrainOptions.FromJson);

    /// <summary>One text per property of <see cref="TrainOptions"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = new Dictionary<string, string>
    {
        [nameof(TrainOptions.Genotype)] = "Genotype: file, preset (see genotype list) or text form; for the architecture cells",
        [nameof(TrainOptions.Architecture)] = "Network: cells, birealnet18 or reactnet_a",
        [nameof(TrainOptions.Channels)] = "Width of the network; none = 36, 64 or 32 by architecture",
        [nameof(TrainOptions.Cells)] = "Cells in sequence; 1 to 1000",
        [nameof(TrainOptions.StemMultiplier)] = "Channels of the CIFAR stem as a multiple of --channels; 1 to 64",
        [nameof(TrainOptions.Stem)] = "What stands before the cells: for small images, or for large ones (divides their size by 8)",
        [nameof(TrainOptions.Scheme)] = "What is 1-bit: all convolutions of the cells (paper), activations of pointwise ones only (release), nothing (none: the real-valued twin)",
        [nameof(TrainOptions.Scale)] = "Scale beta of 1-bit convolutions",
        [nameof(TrainOptions.ActivationGradient)] = "Gradient that stands in for that of the sign of activations",
        [nameof(TrainOptions.Seed)] = "Seed of everything random",
        [nameof(TrainOptions.Dataset)] = "Data set: cifar10, cifar100, mnist, folder or synthetic",
        [nameof(TrainOptions.Data)] = "Folder of the data set; without it DCPNAS_DATA, then .data",
        [nameof(TrainOptions.TrainImages)] = "Training images to use, those held out included; 4 or more; none = all",
        [nameof(TrainOptions.TestImages)] = "Test images to use; 1 or more; none = all, as published numbers need",
        [nameof(TrainOptions.ValidationShare)] = "Share of the training images that is held out to select the best network; above 0 to 0.5",
        [nameof(TrainOptions.ImageSize)] = "Side in pixels of the images of a folder; 16 or more",
        [nameof(TrainOptions.CropPadding)] = "Padding of the random crop in pixels; 0 = no crop; none = as usual for the data set",
        [nameof(TrainOptions.Flip)] = "Mirror images at random: true, false; none = as usual for the data set",
        [nameof(TrainOptions.Cutout)] = "Side of Cutout's square in pixels; 0 = no Cutout; none = as usual for the data set",
        [nameof(TrainOptions.TwoStep)] = "Train 1-bit activations first and 1-bit weights then; false = both at once",
        [nameof(TrainOptions.Epochs)] = "Passes over the training images in the last step; 1 or more",
        [nameof(TrainOptions.Step1Epochs)] = "Passes in step 1; none = as many as --epochs",
        [nameof(TrainOptions.TeacherEpochs)] = "Passes of the twin that is trained as teacher; none = as many as --epochs",
        [nameof(TrainOptions.BatchSize)] = "Images per batch; 2 or more",
        [nameof(TrainOptions.Accumulate)] = "Batches whose gradients make one step; 1 or more",
        [nameof(TrainOptions.Optimizer)] = "How weights are stepped",
        [nameof(TrainOptions.Rate)] = "Learning rate at the start of each step; above 0",
        [nameof(TrainOptions.RateEnd)] = "Learning rate at its end; 0 to --rate",
        [nameof(TrainOptions.Schedule)] = "How the learning rate falls",
        [nameof(TrainOptions.WarmupEpochs)] = "Epochs at the start of each step in which the learning rate rises from 0; 0 or more",
        [nameof(TrainOptions.Momentum)] = "Momentum of SGD; 0 to below 1",
        [nameof(TrainOptions.WeightDecay)] = "Weight decay while weights are real; 0 or more",
        [nameof(TrainOptions.BinaryWeightDecay)] = "Weight decay once weights are 1-bit; 0 or more",
        [nameof(TrainOptions.GradientClip)] = "Largest norm of the gradient; above 0; none = no limit",
        [nameof(TrainOptions.LabelSmoothing)] = "Share of each label that is spread over all classes; 0 to below 1",
        [nameof(TrainOptions.DropPath)] = "Probability of dropping a path of a cell at the end of a step, growing from 0; 0 to below 1",
        [nameof(TrainOptions.Auxiliary)] = "Train with an auxiliary head",
        [nameof(TrainOptions.AuxiliaryWeight)] = "Weight of its loss; 0 or more",
        [nameof(TrainOptions.EmaDecay)] = "Decay of the average of the weights that is evaluated and saved; 0 = no average; below 1",
        [nameof(TrainOptions.Mu)] = "Weight of the reconstruction error L_R; 0 or more",
        [nameof(TrainOptions.Teacher)] = "Teacher: a run or checkpoint of train; twin = the real-valued twin, trained first by this run",
        [nameof(TrainOptions.DistillationWeight)] = "Share of the teacher in the loss, the rest is that of the labels; 0 to 1",
        [nameof(TrainOptions.Temperature)] = "Temperature of the teacher's probabilities; above 0",
        [nameof(TrainOptions.Backbone)] = "Run or checkpoint whose backbone the training starts from; classes and image size may differ",
        [nameof(TrainOptions.ReestimateImages)] = "Images on which statistics of batch normalisation are measured anew at the end; 0 = not",
        [nameof(TrainOptions.Precision)] = "Type in which a GPU computes",
        [nameof(TrainOptions.Device)] = "cpu, cuda, cuda:N or auto",
        [nameof(TrainOptions.Threads)] = "Threads of libtorch; 0 = all cores; a resumed run keeps the number",
        [nameof(TrainOptions.Workers)] = "Threads that prepare batches; 0 to 64; results do not depend on it",
        [nameof(TrainOptions.CheckpointMinutes)] = "Most minutes between two checkpoints; one follows each epoch anyway; 0 = after every step",
    };
}
