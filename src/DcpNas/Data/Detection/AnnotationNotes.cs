namespace DcpNas.Data.Detection;

/// <summary>Counts what a reader of annotations has left out or changed, and remembers where it was first seen.</summary>
internal sealed class AnnotationNotes
{
    private readonly SortedDictionary<string, (int Count, string One, string First)> _counts = new(StringComparer.Ordinal);

    private readonly List<string> _warnings = [];

    /// <summary>One sentence per kind of thing: how often, and where first; then what is to be known besides.</summary>
    public IReadOnlyList<string> Lines => [.. _counts.Select(pair => $"{pair.Value.Count} {(pair.Value.Count == 1 ? pair.Value.One : pair.Key)}; first in {pair.Value.First}."), .. _warnings];

    /// <summary>Notes one thing.</summary>
    /// <param name="one">What follows the number 1.</param>
    /// <param name="many">What follows any other number.</param>
    /// <param name="where">The file or image.</param>
    public void Add(string one, string many, string where) => _counts[many] = _counts.TryGetValue(many, out var seen) ? seen with { Count = seen.Count + 1 } : (1, one, where);

    /// <summary>Notes a whole sentence.</summary>
    public void Warn(string sentence) => _warnings.Add(sentence);

    /// <summary>The part of a box inside of its image, for data that are evaluated as COCO's: what has no pixel there is not learned, but stays.</summary>
    public LabelledBox Learnable(LabelledBox box, int width, int height, string where)
    {
        if (HasPixels(box, width, height))
        {
            return Inside(box, width, height, where)!;
        }

        Add("box without a pixel in its image is not learned, but judged as pycocotools does", "boxes without a pixel in their image are not learned, but judged as pycocotools does", where);
        var (left, top) = (Math.Clamp(box.Left, 0, width), Math.Clamp(box.Top, 0, height));
        return box with { Left = left, Top = top, Right = left, Bottom = top };
    }

    /// <summary>The part of a box inside of its image; null where nothing is left.</summary>
    public LabelledBox? Inside(LabelledBox box, int width, int height, string where)
    {
        var (left, top) = (Math.Clamp(box.Left, 0, width), Math.Clamp(box.Top, 0, height));
        var (right, bottom) = (Math.Clamp(box.Right, 0, width), Math.Clamp(box.Bottom, 0, height));
        if (!HasPixels(box, width, height))
        {
            Add("box without a pixel in its image is left out", "boxes without a pixel in their image are left out", where);
            return null;
        }

        const double Slack = 1; // annotations round
        if (box.Left < -Slack || box.Top < -Slack || box.Right > width + Slack || box.Bottom > height + Slack)
        {
            Add("box that reaches beyond its image is cut off at its border", "boxes that reach beyond their image are cut off at its border", where);
        }

        return box with { Left = left, Top = top, Right = right, Bottom = bottom };
    }

    private static bool HasPixels(LabelledBox box, int width, int height) =>
        Math.Clamp(box.Right, 0, width) > Math.Clamp(box.Left, 0, width) && Math.Clamp(box.Bottom, 0, height) > Math.Clamp(box.Top, 0, height);
}
