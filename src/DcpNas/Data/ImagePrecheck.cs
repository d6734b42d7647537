namespace DcpNas.Data;

/// <summary>Reads images once before long work, so that a damaged one is found then and not at its end.</summary>
internal static class ImagePrecheck
{
    /// <summary>Reads images; data that keep decoded images have them then.</summary>
    /// <param name="images">Which.</param>
    /// <param name="read">Reads one of them, on any thread.</param>
    /// <param name="threads">Images in work at a time.</param>
    /// <param name="progress">Is told images done and images in all, by one thread at a time.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InputException">An image cannot be read; the first one that cannot is named.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Run(IReadOnlyList<int> images, Action<int> read, int threads, Action<int, int> progress, CancellationToken cancel)
    {
        var gate = new Lock();
        var faults = new SortedDictionary<int, InputException>();
        var done = 0;
        Parallel.For(0, images.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, (place, state) =>
        {
            try
            {
                read(images[place]);
            }
            catch (InputException error)
            {
                lock (gate)
                {
                    faults.Add(place, error);
                }

                state.Break(); // those before it are still read, so that the first one is named on every machine
                return;
            }

            lock (gate)
            {
                progress(++done, images.Count);
            }
        });
        if (faults.Count > 0)
        {
            throw new InputException(faults.First().Value.Message, faults.First().Value);
        }
    }
}
