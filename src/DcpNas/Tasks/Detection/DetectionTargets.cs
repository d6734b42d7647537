using DcpNas.Data.Detection;
using TorchSharp;
using static TorchSharp.torch;

namespace DcpNas.Tasks.Detection;

/// <summary>The targets of a batch: as tensors in a <see cref="TaskBatch"/>, and as objects.</summary>
/// <remarks>
/// Tensors: boxes float64 <c>[N, M, 4]</c> in pixels; int64 <c>[N, M, 4]</c>: class, difficult, crowd and whether the annotation has the id 0 (class -1 fills up); float64 <c>[N, M, 5]</c>: area, and the box of the annotation as left, top, width and height, all NaN where that is the box itself; int64 <c>[N, 3]</c>: index of the image, width, height
/// of what the boxes refer to.
/// </remarks>
/// <param name="Objects">The objects of each image.</param>
/// <param name="Sizes">What their boxes refer to.</param>
/// <param name="Indices">The images.</param>
public sealed record DetectionTargets(
    IReadOnlyList<IReadOnlyList<LabelledBox>> Objects, IReadOnlyList<(int Width, int Height)> Sizes, IReadOnlyList<int> Indices)
{
    /// <summary>The boxes of the objects of an image, in shares of it.</summary>
    /// <param name="image">Its place in the batch.</param>
    public IReadOnlyList<ShareBox> Boxes(int image) => [.. Objects[image].Select(one => ShareBox.Of(one, Sizes[image].Width, Sizes[image].Height))];

    /// <summary>A batch as tensors; its owner disposes it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="height">Rows of the images.</param>
    /// <param name="width">Columns of the images.</param>
    /// <param name="device">Where the images go; null is the CPU. Targets stay on the CPU.</param>
    public static TaskBatch ToTensors(DetectionBatch batch, int height, int width, Device? device)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var count = batch.Objects.Count;
        var most = Math.Max(1, batch.Objects.Max(objects => objects.Count));
        var (boxes, facts, areas, images) = (new double[count * most * 4], new long[count * most * 4], new double[count * most * 5], new long[count * 3]);
        for (var image = 0; image < count; image++)
        {
            (images[3 * image], images[(3 * image) + 1], images[(3 * image) + 2]) = (batch.Indices[image], batch.Sizes[image].Width, batch.Sizes[image].Height);
            for (var i = 0; i < most; i++)
            {
                var at = (image * most) + i;
                if (i >= batch.Objects[image].Count)
                {
                    facts[4 * at] = -1;
                    continue;
                }

                var one = batch.Objects[image][i];
                (boxes[4 * at], boxes[(4 * at) + 1], boxes[(4 * at) + 2], boxes[(4 * at) + 3]) = (one.Left, one.Top, one.Right, one.Bottom);
                (facts[4 * at], facts[(4 * at) + 1], facts[(4 * at) + 2], facts[(4 * at) + 3]) = (one.Class, one.Difficult ? 1 : 0, one.Crowd ? 1 : 0, one.Annotated is { IsZero: true } ? 1 : 0);
                var (x, y, w, h) = one.Annotated is { } given ? (given.X, given.Y, given.Width, given.Height) : (double.NaN, double.NaN, double.NaN, double.NaN);
                (areas[5 * at], areas[(5 * at) + 1], areas[(5 * at) + 2], areas[(5 * at) + 3], areas[(5 * at) + 4]) = (one.Area, x, y, w, h);
            }
        }

        var pixels = tensor(batch.Images, [count, height, width, 3]).permute(0, 3, 1, 2);
        pixels = device is null || device.type == DeviceType.CPU ? pixels : pixels.to(device);
        return new TaskBatch(
            pixels.DetachFromDisposeScope(),
            tensor(boxes, [count, most, 4], device: CPU).DetachFromDisposeScope(),
            tensor(facts, [count, most, 4], device: CPU).DetachFromDisposeScope(),
            tensor(areas, [count, most, 5], device: CPU).DetachFromDisposeScope(),
            tensor(images, [count, 3], device: CPU).DetachFromDisposeScope());
    }

    /// <summary>The objects of a batch.</summary>
    public static DetectionTargets Of(TaskBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (boxes, facts) = (batch.Targets[0].data<double>().ToArray(), batch.Targets[1].data<long>().ToArray());
        var (areas, images) = (batch.Targets[2].data<double>().ToArray(), batch.Targets[3].data<long>().ToArray());
        var most = areas.Length / 5 / (int)batch.Count;
        return new DetectionTargets(
            [.. Enumerable.Range(0, (int)batch.Count).Select(image => (IReadOnlyList<LabelledBox>)[.. Enumerable.Range(image * most, most)
                .Where(at => facts[4 * at] >= 0)
                .Select(at => new LabelledBox((int)facts[4 * at], boxes[4 * at], boxes[(4 * at) + 1], boxes[(4 * at) + 2], boxes[(4 * at) + 3])
                {
                    Difficult = facts[(4 * at) + 1] != 0,
                    Crowd = facts[(4 * at) + 2] != 0,
                    ObjectArea = areas[5 * at],
                    Annotated = double.IsNaN(areas[(5 * at) + 1]) ? null : new AnnotatedBox(areas[(5 * at) + 1], areas[(5 * at) + 2], areas[(5 * at) + 3], areas[(5 * at) + 4], facts[(4 * at) + 3] != 0),
                })])],
            [.. Enumerable.Range(0, (int)batch.Count).Select(image => ((int)images[(3 * image) + 1], (int)images[(3 * image) + 2]))],
            [.. Enumerable.Range(0, (int)batch.Count).Select(image => (int)images[3 * image])]);
    }
}
