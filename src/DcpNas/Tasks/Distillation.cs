using static TorchSharp.torch;

namespace DcpNas.Tasks;

/// <summary>The loss of a student that learns from the probabilities of a teacher.</summary>
public static class Distillation
{
    /// <summary><c>T^2 KL(p || q)</c> with <c>p = softmax(teacher / T)</c> and <c>q = softmax(student / T)</c>, a mean over the batch.</summary>
    /// <remarks>
    /// Backward to the student: <c>T (q - p) / N</c>; p is constant. The soft cross entropy <c>-T^2 sum p log q</c> of ReActNet (arXiv:2003.03488, T = 1)
    /// differs by the entropy of p, a constant, so it has the same gradient. T^2 keeps the gradient's size over T: Hinton et al., arXiv:1503.02531.
    /// </remarks>
    /// <param name="student">Logits <c>[N, classes]</c>.</param>
    /// <param name="teacher">Logits <c>[N, classes]</c>.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor Divergence(Tensor student, Tensor teacher, double temperature)
    {
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(teacher);
        ShapeException.ThrowIfNot(teacher, "teacher logits", student.shape);
        using var scope = NewDisposeScope();
        var logP = (teacher.detach() / temperature).log_softmax(1);
        var logQ = (student / temperature).log_softmax(1);
        return ((logP - logQ) * logP.exp()).sum(1).mean().mul(temperature * temperature).MoveToOuterDisposeScope();
    }
}
