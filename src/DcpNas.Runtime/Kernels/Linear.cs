using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>A fully connected layer: <c>output = bias + weights · input</c>, products added in the order of the inputs. The same floats on every instruction set.</summary>
internal sealed unsafe class Linear
{
    private readonly float[] _weights; // [input][output]
    private readonly float[] _bias;

    /// <summary>Prepares the layer.</summary>
    /// <param name="inputs">Inputs, at least 1.</param>
    /// <param name="outputs">Outputs, at least 1.</param>
    /// <param name="weights">The weights, <c>[output][input]</c>.</param>
    /// <param name="bias">One value per output, or empty for zeros.</param>
    /// <param name="set">The instructions to use; null lets <see cref="InstructionSets.Choose"/> decide.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public Linear(int inputs, int outputs, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, InstructionSet? set = null)
    {
        Bounds.AtLeast(inputs, 1);
        Bounds.AtLeast(outputs, 1);
        Bounds.Exactly(weights.Length, (long)inputs * outputs);
        Bounds.Exactly(bias.Length, bias.IsEmpty ? 0 : outputs);
        (Inputs, Outputs, Set) = (inputs, outputs, InstructionSets.Choose(set));
        _bias = bias.IsEmpty ? new float[outputs] : bias.ToArray();
        _weights = new float[weights.Length];
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
            {
                _weights[(input * outputs) + output] = weights[(output * inputs) + input];
            }
        }
    }

    /// <summary>Inputs.</summary>
    public int Inputs { get; }

    /// <summary>Outputs.</summary>
    public int Outputs { get; }

    /// <summary>The instructions in use.</summary>
    public InstructionSet Set { get; }

    /// <summary>Computes the layer.</summary>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        Bounds.AtLeast(input.Length, Inputs);
        Bounds.AtLeast(output.Length, Outputs);
        fixed (float* source = input, target = output, weights = _weights, bias = _bias)
        {
            ChannelLoop.Run(Set, Outputs, new Step(source, target, weights, bias, Inputs, Outputs));
        }
    }

    private readonly struct Step(float* input, float* output, float* weights, float* bias, int inputs, int outputs) : IChannelStep
    {
        public void Run<TLanes, T>(int channel)
            where TLanes : struct, IFloatLanes<T>
            where T : struct
        {
            var sum = TLanes.Load(bias + channel);
            var weight = weights + channel;
            for (var index = 0; index < inputs; index++, weight += outputs)
            {
                sum = TLanes.Add(sum, TLanes.Multiply(TLanes.Create(input[index]), TLanes.Load(weight)));
            }

            TLanes.Store(sum, output + channel);
        }
    }
}
