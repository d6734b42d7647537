using DcpNas.Data;
using DcpNas.Data.ReIdentification;

namespace DcpNas.Tasks.ReIdentification;

/// <summary>The training images of a split, labelled from 0 without gaps; images of other persons must not be read.</summary>
internal sealed class LabelledPersons(IPersonImages images, PersonSplit split) : IImageDataset
{
    public string Name => images.Name;

    public int Count => images.Count;

    public int Channels => images.Channels;

    public int Height => images.Height;

    public int Width => images.Width;

    public IReadOnlyList<string> ClassNames { get; } = [.. split.Labels.OrderBy(pair => pair.Value).Select(pair => images.ClassNames[pair.Key])];

    public int Label(int index) => split.Labels[images.Label(index)];

    public string ImageName(int index) => images.ImageName(index);

    public void ReadPixels(int index, Span<byte> chw) => images.ReadPixels(index, chw);
}
