using DcpNas.Binarization;
using DcpNas.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks;

/// <summary>A backbone under the head of a task: what is trained, saved and used.</summary>
/// <remarks>Names of parameters begin with <c>backbone.</c>, <c>head.</c> and <c>auxiliary.</c>; the last ones serve training alone.</remarks>
public sealed class TaskNetwork : Module
{
    private readonly AuxiliaryHead? _auxiliary;

    /// <summary>Puts heads on a backbone and owns all of them.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="head">The head.</param>
    /// <param name="auxiliary">Reads the auxiliary map in training mode; null for none.</param>
    public TaskNetwork(Backbone backbone, TaskHead head, AuxiliaryHead? auxiliary = null)
        : base(nameof(TaskNetwork))
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        (Backbone, Head, _auxiliary) = (backbone, head, auxiliary);
        register_module("backbone", backbone);
        register_module("head", head);
        if (auxiliary is not null)
        {
            register_module("auxiliary", auxiliary);
        }
    }

    /// <summary>The backbone.</summary>
    public Backbone Backbone { get; }

    /// <summary>The head.</summary>
    public TaskHead Head { get; }

    /// <summary>Every layer with 1-bit weights, of backbone and head, in the order in which they run; empty for the real-valued counterpart and in step 1.</summary>
    public IReadOnlyList<BinaryConvolution> BinaryLayers => [.. Backbone.Convolutions.Concat(Head.Convolutions).OfType<BinaryConvolution>()];

    /// <summary>Called after latent weights were loaded from step 1: every learnable scale starts anew at the mean of |w|.</summary>
    public void OnWeightsInherited()
    {
        foreach (var layer in BinaryLayers)
        {
            layer.OnWeightsInherited();
        }
    }

    /// <summary>The sum of the reconstruction errors of all 1-bit layers, DCP-NAS (4.23), a scalar; a constant 0 where there are none.</summary>
    public Tensor ReconstructionError()
    {
        using var scope = NewDisposeScope();
        var errors = BinaryLayers.Select(layer => layer.ReconstructionError()).ToList();
        return (errors.Count == 0 ? zeros(1).squeeze() : stack(errors).sum()).MoveToOuterDisposeScope();
    }

    /// <summary>Builds a network with fresh weights from the global generator of torch, in training mode.</summary>
    /// <param name="description">The backbone.</param>
    /// <param name="task">Builds the heads.</param>
    /// <param name="auxiliary">Whether it gets an auxiliary head, if task and backbone have one.</param>
    /// <exception cref="OptionsException">The description has problems.</exception>
    public static TaskNetwork Create(NetworkDescription description, ITask task, bool auxiliary = false)
    {
        ArgumentNullException.ThrowIfNull(task);
        using var scope = NewDisposeScope();
        var backbone = NetworkCatalog.Create(description);
        var network = new TaskNetwork(backbone, task.CreateHead(backbone), auxiliary ? task.CreateAuxiliaryHead(backbone) : null);
        foreach (var value in ModuleState.Of(network).Values)
        {
            value.DetachFromDisposeScope(); // the network alone owns them
        }

        return network;
    }

    /// <summary>The outputs of a batch.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>.</param>
    /// <exception cref="ShapeException">The images are not of that shape.</exception>
    public TaskOutput Run(Tensor images) => Run(images, Head.Run);

    /// <summary>The outputs of a batch that is learned from: in training mode the head may look at its targets.</summary>
    /// <param name="batch">Images and targets.</param>
    /// <exception cref="ShapeException">The images are not of that shape.</exception>
    public TaskOutput Run(TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Run(batch.Images, maps => Head.Run(maps, batch));
    }

    private TaskOutput Run(Tensor images, Func<BackboneOutput, IReadOnlyList<Tensor>> head)
    {
        using var scope = NewDisposeScope();
        var maps = Backbone.Run(images);
        var main = head(maps);
        var auxiliary = training && _auxiliary is not null && maps.Auxiliary is not null ? _auxiliary.Apply(maps.Auxiliary) : null;
        return new TaskOutput([.. main.Select(output => output.MoveToOuterDisposeScope())], auxiliary?.MoveToOuterDisposeScope());
    }
}
