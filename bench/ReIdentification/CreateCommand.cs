using System.CommandLine;

namespace DcpNas.ReIdentificationBench;

/// <summary><c>create</c>: persons as noisy points around a centre of their own, in numbers like those of Market-1501.</summary>
/// <remarks>
/// Features are multiples of 1/16 in [-4, 4], so that squared distances of up to 2048 dimensions are exact in single precision and every program must find the same
/// ranks, ties included. The centres lie so far apart that about half of the matches are hard.
/// </remarks>
internal static class CreateCommand
{
    private const int Queries = 3368;
    private const int Gallery = 15_913;
    private const int Persons = 750;
    private const int Cameras = 6;
    private const double DistractorShare = 2798.0 / Gallery;

    public static Command Create()
    {
        var folder = new Argument<string>("folder");
        var dimensions = new Option<int>("--dimensions") { DefaultValueFactory = _ => 2048 };
        var distractors = new Option<int>("--distractors") { DefaultValueFactory = _ => 0 };
        var command = new Command("create", "Write random features.") { folder, dimensions, distractors };
        command.SetAction(parsed => Write(parsed.GetRequiredValue(folder), parsed.GetValue(dimensions), parsed.GetValue(distractors)));
        return command;
    }

    private static void Write(string folder, int dimensions, int distractors)
    {
        var spread = Math.Sqrt(5.66 / Math.Sqrt(dimensions));
        var random = new SeededRandom(2026);
        var centres = new double[(Persons + 1) * dimensions];
        for (var i = dimensions; i < centres.Length; i++)
        {
            centres[i] = random.NextDouble(-spread, spread);
        }

        Set("query", [.. Enumerable.Range(0, Queries).Select(_ => 1 + random.Next(Persons))]);
        Set("gallery", [.. Enumerable.Range(0, Gallery).Select(_ => random.NextDouble() < DistractorShare ? 0 : 1 + random.Next(Persons)), .. new int[distractors]]);

        void Set(string name, int[] identities)
        {
            var features = new float[identities.Length * dimensions];
            for (var i = 0; i < features.Length; i++)
            {
                var (image, d) = Math.DivRem(i, dimensions);
                features[i] = (float)(Math.Round(16 * (centres[(identities[image] * dimensions) + d] + random.NextDouble(-1, 1))) / 16);
            }

            FeatureFolder.Write(folder, name, features, identities, [.. identities.Select(_ => 1 + random.Next(Cameras))]);
        }
    }
}
