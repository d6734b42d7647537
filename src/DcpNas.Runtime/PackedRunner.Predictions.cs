using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <content>Classes and embeddings.</content>
public sealed partial class PackedRunner
{
    /// <summary>The logits of the last call, <c>[image][class]</c>: the output of that name. Valid until the next call.</summary>
    /// <exception cref="KeyNotFoundException">The model is no classifier.</exception>
    public ReadOnlySpan<float> Logits => Output(GraphOutput.Logits);

    /// <summary>The embeddings of the last call, <c>[image][number]</c>: the output of that name. Valid until the next call.</summary>
    /// <exception cref="KeyNotFoundException">The model gives no embeddings.</exception>
    public ReadOnlySpan<float> Embedding => Output(GraphOutput.Embedding);

    /// <summary>The most probable classes of an image of the last call, best first; of equal ones the lower index first.</summary>
    /// <param name="image">The number of the image, from 0.</param>
    /// <param name="destination">Takes as many classes as it is long.</param>
    /// <returns>How many were written: the length of the destination, at most the number of classes.</returns>
    /// <remarks>Probabilities are the softmax of the logits in double precision. Infinite logits share the whole; NaN comes last.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    /// <exception cref="KeyNotFoundException">The model is no classifier.</exception>
    public int TopClasses(int image, Span<Prediction> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, ImageCount);
        var logits = Logits;
        var classes = logits.Length / ImageCount;
        logits = logits.Slice(image * classes, classes);
        var total = Total(logits, out var largest);
        var written = int.Min(destination.Length, classes);
        for (var rank = 0; rank < written; rank++)
        {
            var best = -1;
            for (var candidate = 0; candidate < classes; candidate++)
            {
                // The next in order after the one before: nothing has to be marked or sorted.
                if ((rank == 0 || Precedes(logits, destination[rank - 1].Class, candidate)) && (best < 0 || Precedes(logits, candidate, best)))
                {
                    best = candidate;
                }
            }

            destination[rank] = new Prediction(best, Model.LabelOf(best), (float)(Weight(logits[best], largest) / total));
        }

        return written;
    }

    private static bool Precedes(ReadOnlySpan<float> logits, int a, int b)
    {
        var order = logits[b].CompareTo(logits[a]); // NaN is less than everything here
        return order < 0 || (order == 0 && a < b);
    }

    private static double Total(ReadOnlySpan<float> logits, out float largest)
    {
        largest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = logit > largest ? logit : largest;
        }

        var total = 0.0;
        foreach (var logit in logits)
        {
            total += Weight(logit, largest);
        }

        return total;
    }

    private static double Weight(float logit, float largest) => logit == largest ? 1 : Math.Exp((double)logit - largest);
}

/// <summary>One class with its probability.</summary>
/// <param name="Class">The index of the logit.</param>
/// <param name="Label">The name of the class; the index in digits where the model names none.</param>
/// <param name="Probability">Softmax of the logits, 0 to 1; NaN where a logit is NaN.</param>
public readonly record struct Prediction(int Class, string Label, float Probability);
