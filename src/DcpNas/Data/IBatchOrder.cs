namespace DcpNas.Data;

/// <summary>The order in which a <see cref="BatchLoader"/> takes images, where it is neither the given one nor a plain shuffle: images may repeat or be left out.</summary>
/// <remarks>An image that repeats within an epoch is augmented alike each time, because augmentation depends on (seed, epoch, index).</remarks>
public interface IBatchOrder
{
    /// <summary>Images of an epoch, repeats counted; the same for every epoch.</summary>
    int Count { get; }

    /// <summary>The images of an epoch in their order, <see cref="Count"/> of them. Depends on the epoch alone.</summary>
    /// <param name="epoch">From 0.</param>
    int[] Of(int epoch);
}
