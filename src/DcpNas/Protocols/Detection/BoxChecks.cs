namespace DcpNas.Protocols.Detection;

/// <summary>Refuses boxes that no protocol can evaluate.</summary>
internal static class BoxChecks
{
    /// <summary>Looks at every box.</summary>
    /// <param name="objects">What is there.</param>
    /// <param name="detections">What is claimed.</param>
    /// <param name="anySize">Whether sizes and areas may be negative, as COCO's protocol allows.</param>
    /// <exception cref="InputException">A number is not finite, or a box ends before it begins.</exception>
    public static void Check(IReadOnlyList<GroundTruthBox> objects, IReadOnlyList<DetectionBox> detections, bool anySize)
    {
        for (var i = 0; i < objects.Count; i++)
        {
            Check(objects[i].Box, $"objects[{i}]", anySize);
            if (!(double.IsFinite(objects[i].Area) && (anySize || objects[i].Area >= 0)))
            {
                throw new InputException($"objects[{i}]: the area must be a finite number of at least 0, got {objects[i].Area}. Correct the annotation.");
            }
        }

        for (var i = 0; i < detections.Count; i++)
        {
            Check(detections[i].Box, $"detections[{i}]", anySize);
            if (!double.IsFinite(detections[i].Score))
            {
                throw new InputException($"detections[{i}]: the score must be finite, got {detections[i].Score}. The detector that gave it is broken.");
            }
        }
    }

    private static void Check(BoundingBox box, string place, bool anySize)
    {
        if (!(double.IsFinite(box.X1) && double.IsFinite(box.Y1) && double.IsFinite(box.X2) && double.IsFinite(box.Y2)))
        {
            throw new InputException($"{place}: the box must have finite corners, got ({box.X1}, {box.Y1}, {box.X2}, {box.Y2}). Correct or remove it.");
        }

        if (!anySize && !(box.X2 >= box.X1 && box.Y2 >= box.Y1 && box.Width >= 0 && box.Height >= 0))
        {
            throw new InputException($"{place}: the box must not end before it begins, got ({box.X1}, {box.Y1}, {box.X2}, {box.Y2}). Correct or remove it.");
        }
    }
}
