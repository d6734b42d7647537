using DcpNas.Runtime.Kernels;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>A dense real convolution.</summary>
internal sealed class ConvolutionLayer(ConvolutionNode node, Operand input, Operand output, InstructionSet set) : Layer
{
    private readonly FloatConvolution _kernel = new(
        Kernel.Geometry(node.Geometry, input.Shape, output.Shape, depthwise: false), node.Weight.Span, (node.Bias ?? default).Span, set);

    public override int Rows => output.Shape.Height;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var target = output.Rows<float>(memory, firstRow, rowCount);
        _kernel.Run(input.In<float>(memory), target, firstRow, rowCount);
        if (node.Relu)
        {
            ReluLayer.Apply(target);
        }
    }
}
