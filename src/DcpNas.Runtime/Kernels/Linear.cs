using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DcpNas.Runtime.Kernels.Lanes;

namespace DcpNas.Runtime.Kernels;

/// <summary>A fully connected layer: <c>output = bias + weights · input</c>, products added in the order of the inputs. The same floats on every instruction set.</summary>
internal sealed unsafe class Linear
{
    private const int TileOutputs = 64; // a tile is read from front to back: outputs lie far apart otherwise, each on a page of its own

    private readonly float[] _weights; // [tile of outputs][input][output of the tile]
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
            var first = output / TileOutputs * TileOutputs;
            var width = Math.Min(TileOutputs, outputs - first);
            for (var input = 0; input < inputs; input++)
            {
                _weights[(first * inputs) + (input * width) + (output - first)] = weights[(output * inputs) + input];
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
            var first = 0;
            if (Set == InstructionSet.Avx512)
            {
                for (; first + TileOutputs <= Outputs; first += TileOutputs)
                {
                    Whole(source, target + first, weights + ((long)first * Inputs), bias + first, Inputs);
                }
            }

            for (; first < Outputs; first += TileOutputs)
            {
                var width = Math.Min(TileOutputs, Outputs - first);
                ChannelLoop.Run(Set, width, new Step(source, target + first, weights + ((long)first * Inputs), bias + first, Inputs, width));
            }
        }
    }

    /// <summary>A whole tile: four vectors side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole(float* input, float* output, float* weight, float* bias, int inputs)
    {
        var (sum0, sum1, sum2, sum3) = (Vector512.Load(bias), Vector512.Load(bias + 16), Vector512.Load(bias + 32), Vector512.Load(bias + 48));
        for (var index = 0; index < inputs; index++, weight += TileOutputs)
        {
            var value = Vector512.Create(input[index]);
            sum0 += value * Vector512.Load(weight);
            sum1 += value * Vector512.Load(weight + 16);
            sum2 += value * Vector512.Load(weight + 32);
            sum3 += value * Vector512.Load(weight + 48);
        }

        sum0.Store(output);
        sum1.Store(output + 16);
        sum2.Store(output + 32);
        sum3.Store(output + 48);
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
