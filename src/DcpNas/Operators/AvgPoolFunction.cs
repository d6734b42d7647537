using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>3x3 mean by <see cref="AvgPoolKernel"/>, differentiable once. Keeps nothing but the sizes.</summary>
internal sealed unsafe class AvgPoolFunction : autograd.SingleTensorFunction<AvgPoolFunction>
{
    private const string ShapeKey = "shape";

    public override string Name => nameof(AvgPoolFunction);

    public static Tensor Apply(Tensor input, int stride)
    {
        using var scope = NewDisposeScope();
        var shape = MaxPoolFunction.ShapeOf(input, stride);
        var result = Recording.Wants(input) ? apply(input, shape) : Forward(input, shape);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var shape = (WindowShape)vars[1];
        ctx.save_data(ShapeKey, shape);
        ctx.set_materialize_grads(false);
        return Forward((Tensor)vars[0], shape);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var shape = (WindowShape)ctx.get_data(ShapeKey);
        var gradient = Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();
        var inputGradient = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.Height, shape.Width);
        AvgPoolKernel.Backward(Dense.Pointer(gradient), Dense.Pointer(inputGradient), shape);
        return Handover.Return(inputGradient, null);
    }

    private static Tensor Forward(Tensor input, in WindowShape shape)
    {
        var result = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        AvgPoolKernel.Forward(Dense.Pointer(input), Dense.Pointer(result), shape);
        return result;
    }
}
