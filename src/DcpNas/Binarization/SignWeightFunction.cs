using DcpNas.Operators;
using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary><c>beta[d] sign(w)</c> of a small weight in one pass each way, differentiable once. The plan is the number of weights of a filter d.</summary>
internal sealed unsafe class SignWeightFunction : FusedFunction<SignWeightFunction, long>
{
    /// <summary>Contiguous float32 tensors on the CPU.</summary>
    public static bool Accepts(Tensor latent, Tensor beta) =>
        Dense.IsFloatOnCpu(latent) && Dense.IsFloatOnCpu(beta) && latent.is_contiguous() && beta.is_contiguous();

    public static Tensor Apply(Tensor latent, Tensor beta) => Run(latent.numel() / latent.size(0), latent, beta);

    protected override Tensor Forward(long taps, Tensor?[] inputs, bool[] wanted, out Tensor?[] saved)
    {
        var (latent, beta) = (inputs[0]!, inputs[1]!);
        var result = empty_like(latent);
        var filters = latent.size(0);
        float* w = Dense.Pointer(latent), b = Dense.Pointer(beta), y = Dense.Pointer(result);
        for (var d = 0L; d < filters; d++)
        {
            for (var i = d * taps; i < (d + 1) * taps; i++)
            {
                y[i] = b[d] * SignKernel.Sign(w[i]);
            }
        }

        saved = inputs;
        return result;
    }

    protected override Tensor?[] Backward(long taps, Tensor?[] saved, bool[] wanted, Tensor gradient)
    {
        var (latent, beta, dense) = (saved[0]!, saved[1]!, gradient.contiguous());
        var latentGradient = empty_like(latent);
        var betaGradient = empty_like(beta);
        var filters = latent.size(0);
        float* w = Dense.Pointer(latent), b = Dense.Pointer(beta), g = Dense.Pointer(dense), dw = Dense.Pointer(latentGradient), db = Dense.Pointer(betaGradient);
        for (var d = 0L; d < filters; d++)
        {
            double sum = 0;
            for (var i = d * taps; i < (d + 1) * taps; i++)
            {
                dw[i] = SignKernel.StraightThroughSlope(w[i]) * b[d] * g[i];
                sum += g[i] * SignKernel.Sign(w[i]);
            }

            db[d] = (float)sum;
        }

        return [latentGradient, betaGradient];
    }
}
