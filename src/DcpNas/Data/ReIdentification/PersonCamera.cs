namespace DcpNas.Data.ReIdentification;

/// <summary>How a camera of the synthetic persons sees: its background, its light and its noise.</summary>
internal sealed class PersonCamera
{
    private const long Stream = 0x63616d657261;

    public PersonCamera(long seed, int camera)
    {
        var random = new SeededRandom(seed, Stream, camera);
        Wall = [random.NextDouble(60, 200), random.NextDouble(60, 200), random.NextDouble(60, 200)];
        Floor = [random.NextDouble(40, 180), random.NextDouble(40, 180), random.NextDouble(40, 180)];
        Horizon = random.NextDouble(0.35, 0.8);
        var light = random.NextDouble(0.5, 1.2);
        Gain = [light * random.NextDouble(0.65, 1.35), light * random.NextDouble(0.65, 1.35), light * random.NextDouble(0.65, 1.35)];
        Noise = random.NextDouble(5, 14);
        Posts = random.NextDouble(-30, 30);
    }

    public double[] Wall { get; }

    public double[] Floor { get; }

    /// <summary>Where wall and floor meet, as a share of the height.</summary>
    public double Horizon { get; }

    /// <summary>What light is multiplied by, per colour.</summary>
    public double[] Gain { get; }

    /// <summary>Standard deviation of the noise.</summary>
    public double Noise { get; }

    /// <summary>How much lighter the posts of the wall are than the wall.</summary>
    public double Posts { get; }
}
