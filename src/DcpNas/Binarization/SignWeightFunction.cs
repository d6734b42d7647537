using DcpNas.Operators.Kernels;
using static TorchSharp.torch;

namespace DcpNas.Binarization;

/// <summary><c>beta[d] sign(w)</c> of a small weight in one pass each way, differentiable once.</summary>
internal sealed unsafe class SignWeightFunction : autograd.SingleTensorFunction<SignWeightFunction>
{
    public override string Name => nameof(SignWeightFunction);

    /// <summary>Contiguous float32 tensors on the CPU.</summary>
    public static bool Accepts(Tensor latent, Tensor beta) =>
        Dense.IsFloatOnCpu(latent) && Dense.IsFloatOnCpu(beta) && latent.is_contiguous() && beta.is_contiguous();

    public static Tensor Apply(Tensor latent, Tensor beta)
    {
        using var scope = NewDisposeScope();
        var result = Recording.Wants(latent) || Recording.Wants(beta) ? apply(latent, beta) : Forward(latent, beta);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var latent = (Tensor)vars[0];
        var beta = (Tensor)vars[1];
        ctx.save_for_backward([latent, beta]);
        ctx.set_materialize_grads(false);
        return Forward(latent, beta);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (latent, beta) = (saved[0], saved[1]);
        var gradient = grad_output.contiguous();
        grad_output.Dispose();
        var latentGradient = empty_like(latent);
        var betaGradient = empty_like(beta);
        var filters = latent.shape[0];
        var taps = latent.numel() / filters;
        float* w = Dense.Pointer(latent), b = Dense.Pointer(beta), g = Dense.Pointer(gradient), dw = Dense.Pointer(latentGradient), db = Dense.Pointer(betaGradient);
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

        return Handover.Return(latentGradient, betaGradient);
    }

    private static Tensor Forward(Tensor latent, Tensor beta)
    {
        var result = empty_like(latent);
        var filters = latent.shape[0];
        var taps = latent.numel() / filters;
        float* w = Dense.Pointer(latent), b = Dense.Pointer(beta), y = Dense.Pointer(result);
        for (var d = 0L; d < filters; d++)
        {
            for (var i = d * taps; i < (d + 1) * taps; i++)
            {
                y[i] = b[d] * SignKernel.Sign(w[i]);
            }
        }

        return result;
    }
}
