using DcpNas.Binarization;
using DcpNas.Networks.Graph;
using DcpNas.Networks.Layers;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Networks;

/// <summary>A network up to its pooled features. Heads and tasks stand on it.</summary>
/// <remarks>
/// Batch normalisation uses the statistics of the batch in training mode and running statistics in evaluation mode, where no sample sees
/// another. Step 1 and step 2 of training (<see cref="NetworkDescription.RealWeights"/>) have the same names of parameters and buffers;
/// step 2 adds <c>rho</c> per 1-bit convolution when the scale is learnable.
/// </remarks>
public sealed class Backbone : Module
{
    private readonly NetworkProgram _program;
    private double _dropPath;

    internal Backbone(NetworkDescription description)
        : base(nameof(Backbone))
    {
        (Description, Graph) = (description, NetworkTable.GraphOf(description));
        var reader = new ModuleReader();
        var outputs = Graph.Read(reader, reader.Input(description.ImageChannels));
        _program = reader.Build(this, outputs.Auxiliary is { } auxiliary ? [.. outputs.Stages, auxiliary] : outputs.Stages);
        (Stages, Convolutions, AuxiliaryStage) = ([.. outputs.Stages.Select(stage => stage.Stage)], reader.Convolutions, outputs.Auxiliary?.Stage);
    }

    /// <summary>What the network was built from.</summary>
    public NetworkDescription Description { get; }

    /// <summary>Its layers, for other readers.</summary>
    internal INetworkGraph Graph { get; }

    /// <summary>Channels of the last map: the number of features.</summary>
    public int FeatureCount => Stages[^1].Channels;

    /// <summary>Channels and stride of the last map of each resolution of the body, finest first.</summary>
    public IReadOnlyList<FeatureStage> Stages { get; }

    /// <summary>Every convolution of the body, 1-bit or not, in the order in which they run.</summary>
    public IReadOnlyList<ConvolutionLayer> Convolutions { get; }

    /// <summary>Channels and stride of the map that an <see cref="AuxiliaryHead"/> reads; null where the architecture has none.</summary>
    public FeatureStage? AuxiliaryStage { get; }

    /// <summary>Every batch normalisation, to estimate its statistics anew.</summary>
    public IReadOnlyList<BatchNormalization> Normalizations => [.. modules().OfType<BatchNormalization>().Distinct()];

    /// <summary>Every layer with 1-bit weights; empty for the real-valued counterpart and in step 1.</summary>
    public IReadOnlyList<ConvolutionLayer> BinaryLayers => [.. Convolutions.OfType<BinaryConvolution>()];

    /// <summary>
    /// Probability with which an edge of a cell is left out for a sample in training mode, in [0, 1). Drawn from the global generator of torch.
    /// Only cells have such paths; the other architectures do not read it. Default 0.
    /// </summary>
    public double DropPath
    {
        get => _dropPath;
        set
        {
            if (!(value >= 0 && value < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(value), $"drop path must be at least 0 and below 1, got {value}.");
            }

            _dropPath = value;
        }
    }

    /// <summary>The maps of a batch.</summary>
    /// <param name="images"><c>[N, ImageChannels, H, W]</c>; other sizes than those of the description are allowed.</param>
    /// <exception cref="ShapeException">The images are not of that shape.</exception>
    public BackboneOutput Run(Tensor images)
    {
        ShapeException.ThrowIfNot(images, "network input", -1, Description.ImageChannels, -1, -1);
        using var scope = NewDisposeScope();
        var outputs = _program.Run([ForFastOperators(images)], training ? DropPath : 0);
        var auxiliary = training && AuxiliaryStage is not null ? outputs[^1].alias() : null; // it may be the map of a stage, too
        return new([.. outputs.Take(Stages.Count).Select(stage => stage.MoveToOuterDisposeScope())], auxiliary?.MoveToOuterDisposeScope());
    }

    /// <summary>The features of a batch, <c>[N, FeatureCount]</c>: the mean of the last map over the image.</summary>
    /// <param name="images"><c>[N, ImageChannels, H, W]</c>.</param>
    /// <exception cref="ShapeException">The images are not of that shape.</exception>
    public Tensor Features(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Pool(Run(images)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the last map over the image, <c>[N, FeatureCount]</c>.</summary>
    /// <param name="output">Of <see cref="Run"/>.</param>
    public static Tensor Pool(BackboneOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.Stages[^1].mean([2, 3]);
    }

    /// <summary>The sum of the reconstruction errors of all 1-bit layers, DCP-NAS (4.23), a scalar; a constant 0 where there are none.</summary>
    public Tensor ReconstructionError()
    {
        using var scope = NewDisposeScope();
        var errors = BinaryLayers.Select(layer => layer.ReconstructionError()).OfType<Tensor>().ToList();
        return (errors.Count == 0 ? zeros(1).squeeze() : stack(errors).sum()).MoveToOuterDisposeScope();
    }

    /// <summary>Called after latent weights were loaded from step 1: every learnable scale starts anew at the mean of |w|.</summary>
    public void OnWeightsInherited()
    {
        foreach (var layer in BinaryLayers)
        {
            layer.OnWeightsInherited();
        }
    }

    /// <summary>The images in channels-last memory where the fast operators take them: float32 on the CPU.</summary>
    private static Tensor ForFastOperators(Tensor images) => Dense.IsFloatOnCpu(images) ? Dense.ToChannelsLast(images) : images.alias();
}

/// <summary>What a backbone makes of a batch. The tensors belong to the dispose scope of the caller.</summary>
/// <param name="Stages">One map <c>[N, Channels, H / Stride, W / Stride]</c> per <see cref="Backbone.Stages"/>, finest first.</param>
/// <param name="Auxiliary">The map that an auxiliary head reads; null in evaluation mode and where the architecture has none.</param>
public sealed record BackboneOutput(IReadOnlyList<Tensor> Stages, Tensor? Auxiliary);

/// <summary>The last map of one resolution of the body: what detectors build on.</summary>
/// <param name="Channels">Channels of the map.</param>
/// <param name="Stride">Pixels of the image per pixel of the map; sizes that do not divide are rounded up.</param>
public sealed record FeatureStage(int Channels, int Stride);
