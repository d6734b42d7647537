using DcpNas.Native;
using static TorchSharp.torch;

namespace DcpNas.Search.Curvatures;

/// <summary>A sampled Fisher product from k chunks of the batch: <c>F u = 1/k sum_i s_i (s_i . u)</c>.</summary>
/// <remarks>
/// <c>s_i = b^(-1/2) sum over the chunk's b images of d log q(y')/d alpha_hat</c> with <c>y'</c> drawn from the Child's own q. Then
/// <c>E[s_i s_i^T]</c> is the mean Fisher matrix of the chunk, which for a softmax is the Gauss-Newton matrix: the product is unbiased, and
/// noisier for small k. Costs k backward passes. Draws come from the global generator of torch.
/// </remarks>
/// <param name="chunks">k, from 1 to the images of the batch.</param>
public sealed class FisherChunks(int chunks) : ICurvature
{
    /// <inheritdoc/>
    public string Name => $"fisher-chunks:{chunks}";

    /// <inheritdoc/>
    public bool NeedsSecondOrder => false;

    /// <inheritdoc/>
    public bool NeedsGraph => true;

    /// <inheritdoc/>
    public Tensor Product(ChildPass child, Tensor direction)
    {
        using var scope = NewDisposeScope();
        var images = child.Logits.shape[0];
        if (chunks > images)
        {
            throw new ArgumentException($"{Name} must not have more chunks than images in the batch ({images}).", nameof(child));
        }

        var count = chunks;
        var scores = Scores(child.Logits);
        var product = zeros_like(direction);
        for (var i = 0; i < count; i++)
        {
            var (first, end) = (images * i / count, images * (i + 1) / count);
            var outer = zeros_like(scores);
            outer.narrow(0, first, end - first).copy_(scores.narrow(0, first, end - first)).div_(Math.Sqrt(end - first));
            var gradient = ParameterVector.Join(Autograd.Grad([child.Logits], [.. child.Architecture.All], [outer], retainGraph: i < count - 1));
            product.add_(gradient * gradient.dot(direction));
        }

        return product.div_(-count).MoveToOuterDisposeScope();
    }

    /// <summary><c>d log q(y')/d z = onehot(y') - q</c> per image, y' drawn from q.</summary>
    private static Tensor Scores(Tensor logits)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var q = logits.detach().softmax(1);
        var drawn = q.multinomial(1, replacement: true);
        return q.neg().scatter_add_(1, drawn, ones_like(drawn, dtype: q.dtype)).MoveToOuterDisposeScope();
    }
}
