namespace DcpNas.Data.ReIdentification;

/// <summary>What a synthetic person wears: the same in every image.</summary>
internal sealed class PersonClothes
{
    private const long Stream = 0x706572736f6e;

    public PersonClothes(long seed, int person)
    {
        var random = new SeededRandom(seed, Stream, person);
        Shirt = Colour(random, 15, 240);
        Second = Colour(random, 15, 240);
        Trousers = Colour(random, 10, 200);
        Shoes = Colour(random, 10, 230);
        Bag = Colour(random, 10, 230);
        var skin = random.NextDouble(0.35, 1);
        Skin = [235 * skin, 190 * skin, 160 * skin];
        var hair = random.NextDouble(0.1, 0.9);
        Hair = [190 * hair, 140 * hair, 80 * hair];
        Pattern = random.Next(6);
        LegKind = random.Next(3);
        LongSleeves = random.Next(2) == 1;
        HasBag = random.Next(3) == 0;
        Build = random.NextDouble(0.85, 1.15);
    }

    public double[] Shirt { get; }

    public double[] Second { get; }

    public double[] Trousers { get; }

    public double[] Shoes { get; }

    public double[] Bag { get; }

    public double[] Skin { get; }

    public double[] Hair { get; }

    /// <summary>0 plain, 1 rings, 2 stripes, 3 checks, 4 two halves, 5 a sash.</summary>
    public int Pattern { get; }

    /// <summary>0 long, 1 short, 2 a skirt.</summary>
    public int LegKind { get; }

    public bool LongSleeves { get; }

    public bool HasBag { get; }

    /// <summary>Width as a share of the usual one.</summary>
    public double Build { get; }

    /// <summary>Whether a place of the shirt has the second colour.</summary>
    /// <param name="u">From -1 to 1, left to right.</param>
    /// <param name="v">From 0 to 1, top to bottom.</param>
    public bool IsSecond(double u, double v) => Pattern switch
    {
        1 => ((int)(v * 6) & 1) == 1,
        2 => ((int)((u + 1) * 3) & 1) == 1,
        3 => (((int)(v * 6) + (int)((u + 1) * 2.5)) & 1) == 1,
        4 => v > 0.5,
        5 => Math.Abs(v - ((u + 1) / 2)) < 0.2,
        _ => false,
    };

    private static double[] Colour(SeededRandom random, double low, double high) => [random.NextDouble(low, high), random.NextDouble(low, high), random.NextDouble(low, high)];
}
