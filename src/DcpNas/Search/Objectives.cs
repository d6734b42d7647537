using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>The losses of Parent and Child on logits <c>[N, classes]</c>; each is a mean over the batch, a scalar.</summary>
public static class Objectives
{
    /// <summary>Parent: <c>L_P = CE(y, p)</c>, DCP-NAS (4.21).</summary>
    /// <param name="logits">Logits of the Parent.</param>
    /// <param name="labels">Class of each image, int64 <c>[N]</c>.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor labels) => nn.functional.cross_entropy(logits, labels);

    /// <summary>Child match: <c>G = -KL(p || q)</c>, DCP-NAS (4.30) with its sign as calculus gives it; <c>G &lt;= 0</c>, 0 where the Child agrees.</summary>
    /// <param name="parentLogProbabilities">log p, held constant.</param>
    /// <param name="childLogits">Logits of the Child.</param>
    public static Tensor Match(Tensor parentLogProbabilities, Tensor childLogits)
    {
        using var scope = NewDisposeScope();
        var logP = parentLogProbabilities.detach();
        var logQ = childLogits.log_softmax(1);
        return ((logQ - logP) * logP.exp()).sum(1).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Images whose largest logit is the label.</summary>
    public static int CountCorrect(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return (int)logits.argmax(1).eq(labels).sum().item<long>();
    }
}
