using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Operators;

/// <summary>The weighted sum by <see cref="MixedSumKernel"/>, differentiable once.</summary>
internal sealed unsafe class MixedSumFunction : FusedFunction<MixedSumFunction, int>
{
    public static Tensor Apply(Tensor probabilities, IReadOnlyList<Tensor> terms) => Run(terms.Count, [probabilities, .. terms]);

    protected override Tensor Forward(int count, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        using var factors = inputs[0]!.contiguous();
        var terms = stackalloc float*[count];
        for (var m = 0; m < count; m++)
        {
            terms[m] = Dense.Pointer(inputs[m + 1]!);
        }

        var result = Dense.NewLike(inputs[1]!);
        MixedSumKernel.Forward(Dense.Pointer(factors), terms, count, Dense.Pointer(result), result.numel());
        saved = wanted[0] ? inputs : [inputs[0]]; // the terms themselves are needed only for the gradient of the probabilities
        return result;
    }

    protected override Tensor?[] Backward(int count, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var factors = saved[0]!.contiguous();
        var dense = Dense.ToChannelsLast(gradient);
        var gradients = new Tensor?[count + 1];
        gradients[0] = wanted[0] ? empty_like(factors) : null;
        var terms = stackalloc float*[count];
        var targets = stackalloc float*[count];
        for (var m = 0; m < count; m++)
        {
            gradients[m + 1] = wanted[m + 1] ? Dense.NewLike(dense) : null;
            targets[m] = Dense.PointerOrNull(gradients[m + 1]);
            terms[m] = wanted[0] ? Dense.Pointer(saved[m + 1]!) : null;
        }

        MixedSumKernel.Backward(Dense.Pointer(factors), terms, count, Dense.Pointer(dense), targets, Dense.PointerOrNull(gradients[0]), dense.numel());
        return gradients;
    }
}
