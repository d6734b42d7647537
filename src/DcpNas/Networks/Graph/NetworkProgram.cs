using static TorchSharp.torch;

namespace DcpNas.Networks.Graph;

/// <summary>A graph made ready to compute: its steps in order, each with the trainable layers that it needs.</summary>
/// <param name="Count">Values in all, inputs first.</param>
/// <param name="Steps">In the order in which they run.</param>
/// <param name="Outputs">Numbers of the values that are given back.</param>
internal sealed record NetworkProgram(int Count, IReadOnlyList<ProgramStep> Steps, IReadOnlyList<int> Outputs)
{
    /// <summary>The outputs for a batch; they belong to the dispose scope of the caller. Every other value is freed behind its last reader.</summary>
    /// <param name="inputs">One per input; they stay the caller's.</param>
    /// <param name="dropPath">Probability with which a path of a sum is left out for a sample; 0 leaves none out.</param>
    public Tensor[] Run(IReadOnlyList<Tensor> inputs, double dropPath = 0)
    {
        using var scope = NewDisposeScope();
        var values = new Tensor[Count];
        for (var input = 0; input < inputs.Count; input++)
        {
            values[input] = inputs[input];
        }

        foreach (var step in Steps)
        {
            using (NewDisposeScope())
            {
                values[step.Output] = step.Compute(values, dropPath).MoveToOuterDisposeScope();
            }

            foreach (var value in step.Done)
            {
                values[value].Dispose();
            }
        }

        foreach (var output in Outputs.Distinct())
        {
            values[output].MoveToOuterDisposeScope();
        }

        return [.. Outputs.Select(output => values[output])];
    }
}

/// <summary>A step of a program.</summary>
/// <param name="Output">The number of its value.</param>
/// <param name="Compute">Makes it, a tensor of its own, of the values so far and the probability of drop-path.</param>
/// <param name="Done">Values that nobody reads any more.</param>
internal sealed record ProgramStep(int Output, Func<Tensor[], double, Tensor> Compute, int[] Done);
