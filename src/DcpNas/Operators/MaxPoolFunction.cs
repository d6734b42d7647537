using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>3x3 maximum by <see cref="MaxPoolKernel"/>, differentiable once. Keeps one byte per output instead of the input.</summary>
internal sealed unsafe class MaxPoolFunction : autograd.SingleTensorFunction<MaxPoolFunction>
{
    private const string ShapeKey = "shape";

    public override string Name => nameof(MaxPoolFunction);

    public static Tensor Apply(Tensor input, int stride)
    {
        using var scope = NewDisposeScope();
        var shape = ShapeOf(input, stride);
        var result = Recording.Wants(input) ? apply(input, shape) : Forward(input, shape, null);
        return result.MoveToOuterDisposeScope();
    }

    public static WindowShape ShapeOf(Tensor input, int stride)
    {
        var s = input.shape;
        return new WindowShape(s[0], (int)s[1], (int)s[2], (int)s[3], stride);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var input = (Tensor)vars[0];
        var shape = (WindowShape)vars[1];
        var taps = empty(shape.Samples * shape.OutputFloats, ScalarType.Byte);
        ctx.save_for_backward([taps]);
        ctx.save_data(ShapeKey, shape);
        ctx.set_materialize_grads(false);
        return Forward(input, shape, taps);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var shape = (WindowShape)ctx.get_data(ShapeKey);
        var taps = ctx.get_saved_variables()[0];
        var gradient = Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();
        var inputGradient = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.Height, shape.Width);
        MaxPoolKernel.Backward(Dense.Pointer(gradient), Dense.Bytes(taps), Dense.Pointer(inputGradient), shape);
        return Handover.Return(inputGradient, null);
    }

    private static Tensor Forward(Tensor input, in WindowShape shape, Tensor? taps)
    {
        var result = Dense.NewChannelsLast(shape.Samples, shape.Channels, shape.OutputHeight, shape.OutputWidth);
        MaxPoolKernel.Forward(Dense.Pointer(input), Dense.Pointer(result), taps is null ? null : Dense.Bytes(taps), shape);
        return result;
    }
}
