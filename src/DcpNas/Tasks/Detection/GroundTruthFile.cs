using DcpNas.Data.Detection;
using DcpNas.Protocols.Detection;

namespace DcpNas.Tasks.Detection;

/// <summary>What is there in the images of a set that has no annotation file of COCO's: the file by which other tools score detections in COCO's format.</summary>
/// <remarks>
/// Numbers of images and categories are those of the detections. Difficult objects of PASCAL VOC are marked <c>iscrowd</c>, as in our own numbers of COCO: neither
/// demanded nor wrong. Images have the names of their files; those of synthetic scenes have none.
/// </remarks>
internal static class GroundTruthFile
{
    /// <summary>The contents.</summary>
    /// <param name="images">The images.</param>
    /// <param name="indices">Which of them.</param>
    public static CocoAnnotations Of(IDetectionDataset images, IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(indices);
        return new CocoAnnotations(
            [.. indices.Select(index => new CocoImageEntry(images.ImageId(index), images.ImageName(index), images.Size(index).Width, images.Size(index).Height))],
            [.. images.CategoryIds.Zip(images.ClassNames, (id, name) => new CocoCategoryEntry(id, name))],
            [.. indices.SelectMany(index => images.Boxes(index).Select(box =>
                new GroundTruthBox(images.ImageId(index), images.CategoryIds[box.Class], new BoundingBox(box.Left, box.Top, box.Right, box.Bottom)) { Area = box.Area, Crowd = box.Crowd || box.Difficult }))]);
    }
}
