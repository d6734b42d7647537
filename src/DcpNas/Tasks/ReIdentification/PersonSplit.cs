using DcpNas.Data.ReIdentification;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>The training images, and those of persons that are held out to select networks: no person is in both parts.</summary>
/// <param name="Training">Indices to learn from, ascending.</param>
/// <param name="Validation">Indices to select by, ascending.</param>
/// <param name="Labels">The class of each training person by its label in the data set: from 0, in the order of the labels.</param>
public sealed record PersonSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Validation, IReadOnlyDictionary<int, int> Labels)
{
    private const long Stream = 0x686f6c64;

    /// <summary>Holds out a share of the persons, rounded, at least two; only persons seen by two cameras can be held out.</summary>
    /// <param name="images">The training images.</param>
    /// <param name="seed">Any number; the same one gives the same split.</param>
    /// <param name="share">Share that is held out, above 0 and below 1.</param>
    /// <exception cref="InputException">There are too few persons.</exception>
    public static PersonSplit Of(IPersonImages images, long seed, double share)
    {
        ArgumentNullException.ThrowIfNull(images);
        var byPerson = Enumerable.Range(0, images.Count).GroupBy(images.Label).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.ToList());
        int[] persons = [.. byPerson.Where(person => person.Value.Select(images.Camera).Distinct().Count() > 1).Select(person => person.Key)];
        if (persons.Length < 2 || byPerson.Count < 4)
        {
            throw new InputException($"{images.Name}: has {byPerson.Count} training persons, {persons.Length} of them seen by two cameras; training needs at least 4, and 2 of them to hold out that two cameras see. Use more images.");
        }

        new SeededRandom(seed, Stream).Shuffle(persons.AsSpan());
        var held = persons[..Math.Clamp((int)Math.Round(byPerson.Count * share), 2, Math.Min(persons.Length, byPerson.Count - 2))].ToHashSet();
        int[] learned = [.. byPerson.Keys.Where(person => !held.Contains(person))];
        return new PersonSplit(
            [.. learned.SelectMany(person => byPerson[person]).Order()],
            [.. held.SelectMany(person => byPerson[person]).Order()],
            learned.Select((person, label) => (person, label)).ToDictionary(pair => pair.person, pair => pair.label));
    }
}
