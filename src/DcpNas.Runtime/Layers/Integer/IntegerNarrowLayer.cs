using System.Numerics;

namespace DcpNas.Runtime.Layers.Integer;

/// <summary>A layer whose numbers have 8 bits: they are limited to -128..127 at last. They stay where 16-bit ones are; generated code alone stores them in 8.</summary>
internal sealed class IntegerNarrowLayer(Layer layer, Operand output, InstructionSet set) : Layer
{
    private readonly bool _vectors = set != InstructionSet.Scalar;

    public override int Rows => layer.Rows;

    public override int ScratchBytes => layer.ScratchBytes;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        layer.Run(memory, firstRow, rowCount, scratch);
        var numbers = Rows == 1 ? output.In<short>(memory) : output.Rows<short>(memory, firstRow, rowCount);
        var done = 0;
        if (_vectors)
        {
            var (least, most) = (new Vector<short>(sbyte.MinValue), new Vector<short>(sbyte.MaxValue));
            for (; done <= numbers.Length - Vector<short>.Count; done += Vector<short>.Count)
            {
                Vector.Min(Vector.Max(new Vector<short>(numbers[done..]), least), most).CopyTo(numbers[done..]);
            }
        }

        for (var i = done; i < numbers.Length; i++)
        {
            numbers[i] = Math.Clamp(numbers[i], (short)sbyte.MinValue, (short)sbyte.MaxValue);
        }
    }
}
