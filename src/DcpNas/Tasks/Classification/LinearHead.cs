using DcpNas.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks.Classification;

/// <summary>A linear classifier with bias on the mean of the last map: <c>logits = W mean(map) + b</c>.</summary>
public sealed class LinearHead : TaskHead
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <summary>Creates the head; the bias starts at 0.</summary>
    /// <param name="features">Channels of the last map.</param>
    /// <param name="classes">Outputs, at least 2.</param>
    public LinearHead(int features, int classes)
        : base(nameof(LinearHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        _weight = new Parameter(empty(classes, features));
        init.kaiming_uniform_(_weight, Math.Sqrt(5));
        _bias = new Parameter(zeros(classes));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    /// <summary><c>[classes, features]</c>.</summary>
    public Parameter Weight => _weight;

    /// <summary><c>[classes]</c>.</summary>
    public Parameter Bias => _bias;

    /// <summary>Logits <c>[N, classes]</c>, the only output.</summary>
    public override IReadOnlyList<Tensor> Run(BackboneOutput maps)
    {
        using var scope = NewDisposeScope();
        return [functional.linear(Backbone.Pool(maps), _weight, _bias).MoveToOuterDisposeScope()];
    }
}
