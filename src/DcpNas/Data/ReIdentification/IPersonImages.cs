namespace DcpNas.Data.ReIdentification;

/// <summary>Images of persons, each with the number of the person and of the camera. Immutable; every member may be called from several threads at once.</summary>
public interface IPersonImages : IImageDataset
{
    /// <summary>The number of the person as the data set gives it; <see cref="PersonDataset.Distractor"/> for an image of nobody that is asked for.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    int Identity(int index);

    /// <summary>The number of the camera.</summary>
    /// <param name="index">From 0 to <c>Count - 1</c>.</param>
    int Camera(int index);
}
