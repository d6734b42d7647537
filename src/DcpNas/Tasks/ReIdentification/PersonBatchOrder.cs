using DcpNas.Data;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>Batches of P identities with K images each, as losses over pairs need them: PK sampling, the <c>RandomIdentitySampler</c> of torchreid.</summary>
/// <remarks>
/// An epoch has as many batches as its images fill. Identities come in shuffled rounds, each once per round and never twice in a batch; the images of an identity
/// come in shuffled rounds too: none a second time in an epoch before all were seen. An identity with fewer than K images repeats them.
/// </remarks>
public sealed class PersonBatchOrder : IBatchOrder
{
    private const long Stream = 0x706b;
    private readonly int[][] _images;
    private readonly int _identities;
    private readonly int _each;
    private readonly int _batches;
    private readonly long _seed;

    /// <summary>Sorts the images by identity.</summary>
    /// <param name="data">The images.</param>
    /// <param name="indices">Those of them to use.</param>
    /// <param name="identities">P, at least 2 and at most as many as there are.</param>
    /// <param name="instances">K, at least 2.</param>
    /// <param name="seed">Names the order.</param>
    public PersonBatchOrder(IImageDataset data, IReadOnlyList<int> indices, int identities, int instances, long seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentOutOfRangeException.ThrowIfLessThan(identities, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(instances, 2);
        _images = [.. indices.GroupBy(data.Label).OrderBy(group => group.Key).Select(group => group.ToArray())];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(identities, _images.Length);
        (_identities, _each, _seed) = (identities, instances, seed);
        _batches = Math.Max(1, indices.Count / (identities * instances));
    }

    /// <inheritdoc/>
    public int Count => _batches * _identities * _each;

    /// <inheritdoc/>
    public int[] Of(int epoch)
    {
        var random = new SeededRandom(_seed, Stream, epoch);
        var order = new List<int>(Count);
        var (round, rounds) = (new Queue<int>(), new Queue<int>[_images.Length]);
        for (var batch = 0; batch < _batches; batch++)
        {
            foreach (var person in NextIdentities(round, random))
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

    /// <summary>The identities of the next batch; where a round ends within it, those it has already come last in the next round.</summary>
    private List<int> NextIdentities(Queue<int> round, SeededRandom random)
    {
        var taken = new List<int>(_identities);
        while (taken.Count < _identities)
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
