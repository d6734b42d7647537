using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The weighted sum by <see cref="MixedSumKernel"/>, differentiable once.</summary>
internal sealed unsafe class MixedSumFunction : autograd.SingleTensorFunction<MixedSumFunction>
{
    private const string WantedKey = "wanted";

    public override string Name => nameof(MixedSumFunction);

    public static Tensor Apply(Tensor probabilities, IReadOnlyList<Tensor> terms)
    {
        using var scope = NewDisposeScope();
        var arguments = new object[terms.Count + 1];
        arguments[0] = probabilities;
        var recorded = Recording.Wants(probabilities);
        for (var m = 0; m < terms.Count; m++)
        {
            arguments[m + 1] = terms[m];
            recorded |= Recording.Wants(terms[m]);
        }

        return (recorded ? apply(arguments) : Forward(arguments)).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // The terms themselves are needed only for the probabilities' gradient.
        var keeps = ((Tensor)vars[0]).requires_grad;
        ctx.save_for_backward(keeps ? [.. vars.Cast<Tensor>()] : [(Tensor)vars[0]]);
        ctx.save_data(WantedKey, Array.ConvertAll(vars, v => ((Tensor)v).requires_grad));
        ctx.set_materialize_grads(false);
        return Forward(vars);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var wanted = (bool[])ctx.get_data(WantedKey);
        var saved = ctx.get_saved_variables();
        var count = wanted.Length - 1;
        var factors = saved[0].contiguous();
        var gradient = Dense.ToChannelsLast(grad_output);
        grad_output.Dispose();
        var gradients = new Tensor?[count + 1];
        gradients[0] = wanted[0] ? empty_like(factors) : null;
        var terms = stackalloc float*[count];
        var targets = stackalloc float*[count];
        for (var m = 0; m < count; m++)
        {
            gradients[m + 1] = wanted[m + 1] ? Dense.NewLike(gradient) : null;
            targets[m] = gradients[m + 1] is { } target ? Dense.Pointer(target) : null;
            terms[m] = wanted[0] ? Dense.Pointer(saved[m + 1]) : null;
        }

        MixedSumKernel.Backward(
            Dense.Pointer(factors), terms, count, Dense.Pointer(gradient), targets, gradients[0] is { } first ? Dense.Pointer(first) : null, gradient.numel());
        return Handover.Return(gradients);
    }

    private static Tensor Forward(object[] arguments)
    {
        var count = arguments.Length - 1;
        using var factors = ((Tensor)arguments[0]).contiguous();
        var terms = stackalloc float*[count];
        for (var m = 0; m < count; m++)
        {
            terms[m] = Dense.Pointer((Tensor)arguments[m + 1]);
        }

        var result = Dense.NewLike((Tensor)arguments[1]);
        MixedSumKernel.Forward(Dense.Pointer(factors), terms, count, Dense.Pointer(result), result.numel());
        return result;
    }
}
