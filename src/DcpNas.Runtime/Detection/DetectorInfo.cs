using DcpNas.Runtime.Model;

namespace DcpNas.Runtime;

/// <summary>How the outputs of a detector become boxes. Images are scaled to the input size, each side on its own.</summary>
public sealed record DetectorInfo
{
    /// <summary>The resolutions, finest first; at least one.</summary>
    public required IReadOnlyList<DetectorLevel> Levels { get; init; }

    /// <summary>How boxes are coded and chosen.</summary>
    public DetectorSettings Settings { get; init; } = new();

    /// <summary>Checks the information against its graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <exception cref="ModelFaultException">It does not fit.</exception>
    internal void Check(ModelGraph graph, int classes)
    {
        const string Place = "the detector";
        NodeCheck.Range(Place, "levels", Levels.Count, 1, ModelLimits.DetectorLevels);
        NodeCheck.Range(Place, "classes", classes, 1, ModelLimits.Channels);
        if (Settings.Problems() is { Count: > 0 } problems)
        {
            throw new ModelFaultException(Place, "settings in their ranges", problems[0].TrimEnd('.'));
        }

        for (var level = 0; level < Levels.Count; level++)
        {
            var place = $"{Place}, level {level}";
            var (scores, boxes, anchors) = Levels[level];
            NodeCheck.Range(place, "anchors", anchors.Count, 1, ModelLimits.AnchorsPerPixel);
            foreach (var size in anchors)
            {
                if (!(size.Width is > 0 and <= 2 && size.Height is > 0 and <= 2))
                {
                    throw new ModelFaultException(place, "anchors with sides above 0 and at most 2", $"{size.Width} x {size.Height}");
                }
            }

            var (scoreShape, boxShape) = (ShapeOf(graph, place, scores), ShapeOf(graph, place, boxes));
            NodeCheck.Range(place, "channels of the scores", scoreShape.Channels, (long)anchors.Count * (classes + 1), (long)anchors.Count * (classes + 1));
            NodeCheck.Range(place, "channels of the boxes", boxShape.Channels, 4L * anchors.Count, 4L * anchors.Count);
            if ((scoreShape.Height, scoreShape.Width) != (boxShape.Height, boxShape.Width))
            {
                throw new ModelFaultException(place, "scores and boxes of one size", $"{scoreShape} and {boxShape}");
            }
        }
    }

    /// <summary>All anchors, in the order of the outputs.</summary>
    internal Anchor[] Anchors(ModelGraph graph) => [.. Levels.SelectMany(level =>
    {
        var shape = ShapeOf(graph, "the detector", level.Scores);
        return Anchor.OfMap(shape.Height, shape.Width, level.Anchors);
    })];

    private static ValueShape ShapeOf(ModelGraph graph, string place, string output) =>
        graph.Outputs.FirstOrDefault(other => other.Name == output) is { } found
            ? graph.ShapeOf(found.Value)
            : throw new ModelFaultException(place, "the name of an output", $"'{output}'");
}

/// <summary>The size of a prior box, in shares of the image: 0.5 is half of its width or height.</summary>
/// <param name="Width">Above 0, at most 2.</param>
/// <param name="Height">Above 0, at most 2.</param>
public readonly record struct AnchorSize(double Width, double Height);

/// <summary>One resolution at which a detector looks for objects.</summary>
/// <param name="Scores">The output <c>[y][x][anchor][class]</c>, the background first: one number each before softmax.</param>
/// <param name="Boxes">The output <c>[y][x][anchor][4]</c>: the offset of the centre and the logarithms of the sizes, coded by the variances.</param>
/// <param name="Anchors">The sizes at every pixel, at least one.</param>
public sealed record DetectorLevel(string Scores, string Boxes, IReadOnlyList<AnchorSize> Anchors);
