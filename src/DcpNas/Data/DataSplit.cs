namespace DcpNas.Data;

/// <summary>The training images in two halves: one trains the weights, the other the architecture. Test images take no part in a search.</summary>
/// <param name="Weights">Indices for the weights, ascending.</param>
/// <param name="Architecture">Indices for the architecture (validation), ascending; none of them is in <paramref name="Weights"/>.</param>
public sealed record DataSplit(IReadOnlyList<int> Weights, IReadOnlyList<int> Architecture)
{
    private const long HalvesStream = 0x68616c766573;

    /// <summary>Splits into halves that hold each class equally often (at most one image more on one side).</summary>
    /// <remarks>
    /// The images of each class are shuffled by their own stream (seed, class); a limit takes the same share of every class from the front of
    /// that order, so that a smaller subset is part of a larger one. Even places go to one half, odd places to the other; where a class leaves
    /// one image over, classes take turns in giving it to the weights. Depends on labels, seed and limit only, on every platform alike.
    /// </remarks>
    /// <param name="data">The training images.</param>
    /// <param name="seed">Any number; the same one gives the same halves.</param>
    /// <param name="imageLimit">Images of both halves together; null takes all.</param>
    /// <exception cref="InputException">The limit exceeds the data, or leaves a class without an image for each half.</exception>
    public static DataSplit Halves(IImageDataset data, long seed, int? imageLimit = null)
    {
        var weights = new List<int>();
        var architecture = new List<int>();
        var extraToWeights = true;
        var classes = TakeByClass(data, seed, imageLimit);
        for (var label = 0; label < classes.Length; label++)
        {
            var taken = classes[label];
            if (taken.Length < 2)
            {
                var images = $"{taken.Length} training image{(taken.Length == 1 ? "" : "s")}";
                throw new InputException(imageLimit is { } limit
                    ? $"{data.Name}: train_images {limit} leaves class '{data.ClassNames[label]}' {images}; a search needs at least 2 of each class, one per half. Raise train_images."
                    : $"{data.Name}: class '{data.ClassNames[label]}' has {images}; a search needs at least 2, one per half. Add images or take the class out.");
            }

            var first = taken.Length % 2 == 0 || extraToWeights ? weights : architecture;
            extraToWeights ^= taken.Length % 2 == 1;
            var second = first == weights ? architecture : weights;
            for (var i = 0; i < taken.Length; i++)
            {
                (i % 2 == 0 ? first : second).Add(taken[i]);
            }
        }

        weights.Sort();
        architecture.Sort();
        return new DataSplit(weights, architecture);
    }

    /// <summary>Takes images of each class in proportion to its frequency; ascending indices.</summary>
    /// <param name="data">Images.</param>
    /// <param name="seed">Any number; the same one gives the same images, and those that <see cref="Halves"/> splits.</param>
    /// <param name="imageLimit">Images to take; null takes all.</param>
    /// <param name="among">Those that may be taken; null: all of the data.</param>
    /// <exception cref="InputException">The limit is below 1 or exceeds the images that may be taken.</exception>
    public static IReadOnlyList<int> Subset(IImageDataset data, long seed, int? imageLimit, IReadOnlyList<int>? among = null)
    {
        int[] indices = [.. TakeByClass(data, seed, imageLimit, among).SelectMany(taken => taken)];
        Array.Sort(indices);
        return indices;
    }

    internal static int[][] TakeByClass(IImageDataset data, long seed, int? imageLimit, IReadOnlyList<int>? among = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var count = among?.Count ?? data.Count;
        var limit = imageLimit ?? count;
        ThrowIfNotWithin(data.Name, limit, count);
        var classes = new int[data.ClassNames.Count][];
        var members = (among ?? Enumerable.Range(0, data.Count)).ToLookup(data.Label);
        for (var label = 0; label < classes.Length; label++)
        {
            classes[label] = [.. members[label]];
            new SeededRandom(seed, HalvesStream, label).Shuffle(classes[label].AsSpan());
        }

        var quotas = Quotas(classes, limit, count);
        return [.. classes.Select((images, label) => images[..quotas[label]])];
    }

    /// <summary>Refuses a number of images that some data cannot give.</summary>
    /// <param name="name">What reports call the data.</param>
    /// <param name="images">The number that is asked for.</param>
    /// <param name="count">The number that there is.</param>
    internal static void ThrowIfNotWithin(string name, int images, int count)
    {
        if (images < 1 || images > count)
        {
            throw new InputException($"{name}: the number of images must be from 1 to {count}, got {images}.");
        }
    }

    // Largest remainder: whole shares first, then one more for the classes with the largest rest, smaller labels first.
    private static int[] Quotas(int[][] classes, int limit, int count)
    {
        var quotas = Array.ConvertAll(classes, images => (int)((long)images.Length * limit / count));
        var byRest = Enumerable.Range(0, classes.Length).OrderByDescending(label => (long)classes[label].Length * limit % count).ThenBy(label => label);
        foreach (var label in byRest.Take(limit - quotas.Sum()))
        {
            quotas[label]++;
        }

        return quotas;
    }
}
