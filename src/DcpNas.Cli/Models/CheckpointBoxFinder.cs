using DcpNas.Assessment;
using DcpNas.Data.Detection;
using DcpNas.Runtime;

namespace DcpNas.Cli.Models;

/// <summary>Finds objects with a checkpoint, which works on one image at a time.</summary>
/// <param name="checkpoint">Is disposed with this.</param>
internal sealed class CheckpointBoxFinder(CheckpointDetector checkpoint) : BoxFinder(checkpoint.Path)
{
    /// <inheritdoc/>
    public override IEnumerable<ImageBoxes> Run(IReadOnlyList<string> files, double score, CancellationToken cancellation = default) => files.Select(file =>
    {
        cancellation.ThrowIfCancellationRequested();
        return Find(file, score);
    });

    /// <inheritdoc/>
    public override void Dispose() => checkpoint.Dispose();

    /// <inheritdoc/>
    protected override IReadOnlyList<Detection> All(PixelImage image) => checkpoint.Find(image);
}
