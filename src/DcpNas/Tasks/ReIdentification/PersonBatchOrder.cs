using DcpNas.Data;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Batches of P persons with K images each, as losses over pairs need them.</summary>
/// <remarks>
/// An epoch has as many batches as its images fill. Persons come in shuffled rounds, each once per round and never twice in a batch; the images of a person
/// come in shuffled rounds too: none a second time in an epoch before all were seen. A person with fewer than K images repeats them.
/// </remarks>
public sealed class PersonBatchOrder : IBatchOrder
{
    private const long Stream = 0x706b;
    private readonly int[][] _images;
    private readonly int _persons;
    private readonly int _each;
    private readonly int _batches;
    private readonly long _seed;

    /// <summary>Sorts the images by person.</summary>
    /// <param name="data">The images.</param>
    /// <param name="indices">Those of them to use.</param>
    /// <param name="persons">P, at least 2 and at most as many as there are.</param>
    /// <param name="imagesPerPerson">K, at least 2.</param>
    /// <param name="seed">Names the order.</param>
    public PersonBatchOrder(IImageDataset data, IReadOnlyList<int> indices, int persons, int imagesPerPerson, long seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentOutOfRangeException.ThrowIfLessThan(persons, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesPerPerson, 2);
        _images = [.. indices.GroupBy(data.Label).OrderBy(group => group.Key).Select(group => group.ToArray())];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(persons, _images.Length);
        (_persons, _each, _seed) = (persons, imagesPerPerson, seed);
        _batches = Math.Max(1, indices.Count / (persons * imagesPerPerson));
    }

    /// <inheritdoc/>
    public int Count => _batches * _persons * _each;

    /// <inheritdoc/>
    public int[] Of(int epoch)
    {
        var random = new SeededRandom(_seed, Stream, epoch);
        var order = new List<int>(Count);
        var (round, rounds) = (new Queue<int>(), new Queue<int>[_images.Length]);
        for (var batch = 0; batch < _batches; batch++)
        {
            foreach (var person in NextPersons(round, random))
            {
                rounds[person] ??= new Queue<int>();
                for (var i = 0; i < _each; i++)
                {
                    if (rounds[person].Count == 0)
                    {
                        Refill(rounds[person], _images[person], random);
                    }

                    order.Add(rounds[person].Dequeue());
                }
            }
        }

        return [.. order];
    }

    /// <summary>The persons of the next batch; where a round ends within it, those it has already come last in the next round.</summary>
    private List<int> NextPersons(Queue<int> round, SeededRandom random)
    {
        var taken = new List<int>(_persons);
        while (taken.Count < _persons)
        {
            if (round.Count == 0)
            {
                int[] next = [.. Enumerable.Range(0, _images.Length)];
                random.Shuffle(next.AsSpan());
                foreach (var person in next.OrderBy(taken.Contains))
                {
                    round.Enqueue(person);
                }
            }

            taken.Add(round.Dequeue());
        }

        return taken;
    }

    private static void Refill(Queue<int> queue, int[] images, SeededRandom random)
    {
        int[] next = [.. images];
        random.Shuffle(next.AsSpan());
        foreach (var image in next)
        {
            queue.Enqueue(image);
        }
    }
}
