namespace DcpNas.Operators.Kernels;

/// <summary>Per-channel values laid out along the period of channels-last memory (<see cref="Chunks.Period"/>).</summary>
internal static unsafe class Tile
{
    /// <summary>Repeats <c>[C]</c> over one period, in a scratch slot of the calling thread.</summary>
    public static float* Repeat(int slot, float* values, int channels)
    {
        var period = Chunks.Period(channels);
        var tile = Scratch.Floats(slot, period);
        for (var i = 0; i < period; i++)
        {
            tile[i] = values[i % channels];
        }

        return tile;
    }

    /// <summary>Elements of one chunk: whole periods, the last chunk also the rest.</summary>
    public static (long Start, long End) Range(long elements, int period, int chunks, int chunk)
    {
        var periods = elements / period;
        var start = Chunks.Start(periods, chunks, chunk) * period;
        return (start, chunk == chunks - 1 ? elements : Chunks.Start(periods, chunks, chunk + 1) * period);
    }

    /// <summary>Sums the partial sums <c>[chunks, period]</c> into <c>[C]</c>, in double precision and in a fixed order.</summary>
    public static void Fold(float* partials, int chunks, int period, int channels, float* result)
    {
        for (var c = 0; c < channels; c++)
        {
            result[c] = (float)Fold(partials, chunks, period, channels, c);
        }
    }

    /// <summary>The sum of one channel.</summary>
    public static double Fold(float* partials, int chunks, int period, int channels, int channel)
    {
        double sum = 0;
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var row = partials + ((long)chunk * period);
            for (var j = channel; j < period; j += channels)
            {
                sum += row[j];
            }
        }

        return sum;
    }
}
