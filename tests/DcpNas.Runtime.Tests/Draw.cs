using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests;

/// <summary>Random weights, images and thresholds from a seed.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random _random = new(seed);

    public int Between(int minimum, int maximum) => _random.Next(minimum, maximum + 1);

    public bool Coin() => _random.Next(2) == 1;

    public T Of<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    /// <summary>Numbers in (-1, 1), now and then 0 of either sign.</summary>
    public float[] Reals(int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = _random.Next(20) switch { 0 => 0f, 1 => -0f, _ => (float)((2 * _random.NextDouble()) - 1) };
        }

        return values;
    }

    public byte[] Pixels(int count)
    {
        var pixels = new byte[count];
        _random.NextBytes(pixels);
        return pixels;
    }

    public int[] Sums(int count, int bound)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = _random.Next(10) switch { 0 => int.MinValue, 1 => int.MaxValue, _ => _random.Next(-bound, bound + 1) };
        }

        return values;
    }

    public ThresholdRule[] Rules(int count)
    {
        var rules = new ThresholdRule[count];
        for (var i = 0; i < count; i++)
        {
            rules[i] = (ThresholdRule)_random.Next(2);
        }

        return rules;
    }
}
