using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers.Fixed;

/// <summary>A value once more, with other numbers: float32 as 16-bit fixed-point numbers, or the other way round. Never in a file.</summary>
internal sealed class CastNode(string name, string input) : GraphNode(name, [input])
{
    public override string Type => "cast";

    internal override ValueShape Infer(ReadOnlySpan<ValueShape> inputs) => inputs[0];

    internal override void Write(NodeSink sink) => throw new InvalidOperationException("Bug in DcpNas: a cast belongs to no file.");
}
