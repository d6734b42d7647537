using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DcpNas.Tasks.Detection.TwoStage;

/// <summary>A real linear layer with bias: <c>W x + b</c>. The bias starts at 0.</summary>
internal sealed class LinearLayer : Module
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <summary>Creates the layer.</summary>
    /// <param name="features">Numbers in.</param>
    /// <param name="outputs">Numbers out.</param>
    /// <param name="deviation">Of the normal distribution that the weights start from; null: Kaiming's uniform one for layers without activation, as Detectron2 starts hidden layers.</param>
    public LinearLayer(int features, int outputs, double? deviation = null)
        : base(nameof(LinearLayer))
    {
        _weight = new Parameter(empty(outputs, features));
        _ = deviation is { } given ? init.normal_(_weight, 0, given) : init.kaiming_uniform_(_weight, 1);
        _bias = new Parameter(zeros(outputs));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    /// <summary><c>[N, features] -> [N, outputs]</c>.</summary>
    public Tensor Apply(Tensor input) => functional.linear(input, _weight, _bias);
}
