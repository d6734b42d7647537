using DcpNas.Runtime.Kernels;

namespace DcpNas.Runtime.Benchmarks;

/// <summary>A convolution with random signs, input and output memory.</summary>
internal sealed class Layer
{
    private readonly BinaryConvolution _kernel;
    private readonly ulong[] _input;
    private readonly ulong[] _bits;
    private readonly short[] _sums;
    private readonly byte[] _scratch;

    public Layer(ConvolutionGeometry geometry, InstructionSet set)
    {
        var random = new Random(1);
        var weights = new ulong[geometry.WeightWords];
        Fill(random, weights, geometry.Input);
        var rules = Enumerable.Range(0, geometry.OutChannels).Select(_ => new BitRule(random.Next(-9, 10), random.Next(2) == 0)).ToArray();
        _kernel = BinaryConvolution.Create(geometry, weights, rules, set);
        _input = new ulong[geometry.Input.WordCount];
        Fill(random, _input, geometry.Input);
        _bits = new ulong[geometry.Output.WordCount];
        _sums = new short[geometry.OutHeight * geometry.OutWidth * geometry.OutChannels];
        _scratch = GC.AllocateArray<byte>(_kernel.ScratchBytes(geometry.OutHeight), pinned: true);
    }

    public string Kernel => _kernel.Kernel;

    /// <summary>Products, those with zeros outside of the map included, as usual.</summary>
    public static double Macs(ConvolutionGeometry geometry) => (double)geometry.Terms * geometry.OutHeight * geometry.OutWidth * geometry.OutChannels;

    public void Bits() => _kernel.Bits(_input, _bits, 0, _kernel.Geometry.OutHeight, _scratch);

    public void Sums() => _kernel.Sums(_input, _sums, 0, _kernel.Geometry.OutHeight, _scratch);

    private static void Fill(Random random, ulong[] words, BitShape shape)
    {
        for (var index = 0; index < words.Length; index++)
        {
            words[index] = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & BitShape.MaskOf(shape.Channels, shape.Blocks == 1 ? 0 : shape.Blocks - 1);
        }
    }
}
