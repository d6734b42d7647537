using DcpNas.Binarization;
using DcpNas.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks;

/// <summary>What turns the maps of a backbone into the outputs of a task.</summary>
public abstract class TaskHead : Module
{
    /// <summary>Creates a head.</summary>
    /// <param name="name">The name of the module.</param>
    protected TaskHead(string name)
        : base(name)
    {
    }

    /// <summary>Every convolution of the head that may be 1-bit, in the order in which they run; none where the head has none.</summary>
    public virtual IReadOnlyList<ConvolutionLayer> Convolutions => [];

    /// <summary>The outputs of a batch.</summary>
    /// <param name="maps">What the backbone made of the images.</param>
    public abstract IReadOnlyList<Tensor> Run(BackboneOutput maps);

    /// <summary>The outputs of a batch that is learned from. Heads that choose by the targets what they look at do so here, in training mode; the others do not read them.</summary>
    /// <param name="maps">What the backbone made of the images.</param>
    /// <param name="batch">Images and targets.</param>
    public virtual IReadOnlyList<Tensor> Run(BackboneOutput maps, TaskBatch batch) => Run(maps);
}
