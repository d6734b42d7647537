using DcpNas.Data.Detection;
using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>Finds objects in image files.</summary>
internal abstract class BoxFinder(string path) : IDisposable
{
    /// <summary>The model.</summary>
    public string Path { get; } = path;

    /// <summary>Finds objects, in the order of the files whatever the number of threads.</summary>
    /// <param name="files">The files.</param>
    /// <param name="score">The least score.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the last image.</exception>
    public abstract IEnumerable<ImageBoxes> Run(IReadOnlyList<string> files, double score, CancellationToken cancellation = default);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>All boxes of an image.</summary>
    protected abstract IReadOnlyList<Detection> All(PixelImage image);

    /// <summary>Those of a file that have the score.</summary>
    protected ImageBoxes Find(string file, double score)
    {
        PixelImage image;
        try
        {
            image = ImageScaling.Read(file);
        }
        catch (InputException error)
        {
            return new ImageBoxes(file, null, [], error.Message);
        }

        return new ImageBoxes(file, image, [.. All(image).Where(box => box.Score >= score)], null);
    }
}
