namespace DcpNas.Runtime.Layers;

/// <summary>The mean of each channel.</summary>
internal sealed class GlobalAverageLayer(Operand input, Operand output) : Layer
{
    public override int Rows => 1;

    public override void Run(Workspace memory, int firstRow, int rowCount, Span<byte> scratch)
    {
        var source = input.In<float>(memory);
        var means = output.In<float>(memory);
        means.Clear();
        for (var i = 0; i < source.Length; i++)
        {
            means[i % means.Length] += source[i];
        }

        float pixels = source.Length / means.Length;
        foreach (ref var mean in means)
        {
            mean /= pixels;
        }
    }
}
