using DcpNas.Operators;

namespace DcpNas.Export;

/// <summary>A batch normalisation in evaluation mode, <c>y = (x - mean) (weight / sqrt(var + eps)) + bias</c> per channel, in double precision.</summary>
/// <param name="Weight">One per channel.</param>
/// <param name="Bias">One per channel.</param>
/// <param name="Mean">One per channel.</param>
/// <param name="Variance">One per channel.</param>
internal sealed record ChannelNorm(float[] Weight, float[] Bias, float[] Mean, float[] Variance)
{
    /// <summary><c>x + shift</c> as a normalisation: mean 0 and a variance that makes the deviation 1.</summary>
    public static ChannelNorm Shifting(float[] shift) =>
        new([.. shift.Select(_ => 1f)], shift, new float[shift.Length], [.. shift.Select(_ => 1 - (float)Normalization.Epsilon)]);

    /// <summary>Channels.</summary>
    public int Channels => Weight.Length;

    /// <summary><c>weight / sqrt(var + eps)</c>.</summary>
    public double Scale(int channel) => Weight[channel] / Math.Sqrt(Variance[channel] + Normalization.Epsilon);

    /// <summary>y at x = 0: <c>bias - mean scale</c>.</summary>
    public double Shift(int channel) => Bias[channel] - (Mean[channel] * Scale(channel));

    /// <summary>y, each operation rounded to double precision in the order of the formula: at <c>x = mean</c> it is the bias, exactly.</summary>
    public double Apply(int channel, double x) => ((x - Mean[channel]) * Scale(channel)) + Bias[channel];

    /// <summary>The same with something added to the bias.</summary>
    public ChannelNorm Plus(float[] shift) => this with { Bias = [.. Bias.Zip(shift, (bias, more) => bias + more)] };
}
